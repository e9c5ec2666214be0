import { isUtf8 } from 'node:buffer';
import { AppError } from '@getupnet/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Far deeper than any document of ours; recursion over a body is safe below it. */
const MAX_JSON_DEPTH = 64;

/** The value of a JSON text, or `request.malformed_json` with the reason. */
export type ReadJson = (bytes: Buffer, request: FastifyRequest) => unknown;

/** JSON as we take it from outside: UTF-8 only, no `__proto__`, bounded depth. */
export function strictJson(fastify: FastifyInstance): ReadJson {
  const parseText = fastify.getDefaultJsonParser('error', 'error');
  return (bytes, request) => {
    const fault = bytes.length === 0 ? 'está vacío' : jsonFault(bytes);
    if (fault !== undefined) throw new AppError('request.malformed_json', { reason: fault });
    const text = bytes.toString('utf8');
    let outcome: { readonly error: Error | null; readonly value?: unknown } | undefined;
    // Calls back before it returns: it is a wrapper around a synchronous parser.
    parseText.call(fastify, request, text, (error, value) => (outcome = { error, value }));
    if (outcome?.error === null) return outcome.value;
    throw new AppError('request.malformed_json', { reason: reasonOf(text) });
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACKET = 0x5d;
const CLOSE_BRACE = 0x7d;

function jsonFault(body: Buffer): string | undefined {
  if (!isUtf8(body)) return 'no está en UTF-8';
  let depth = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) {
      at = endOfString(body, at + 1);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > MAX_JSON_DEPTH) return `anida más de ${MAX_JSON_DEPTH} niveles`;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
  return undefined;
}

function endOfString(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Why a text was refused; parsed once more, because the parser's error keeps its reason back. */
function reasonOf(text: string): string {
  try {
    JSON.parse(text);
    return 'contiene una propiedad prohibida';
  } catch (error) {
    const message = String(error);
    if (/end of JSON input|Unterminated/.test(message)) return 'termina antes de tiempo';
    const position = /at position (\d+)/.exec(message)?.[1];
    const where = position === undefined ? '' : ` en la posición ${position}`;
    return `error de sintaxis${where}`;
  }
}

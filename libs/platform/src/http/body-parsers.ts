import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

export const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** No route may allow more. */
export const MAX_BODY_LIMIT = 10 * 1024 * 1024;
/** Far deeper than any document of ours; recursion over a body is safe below it. */
const MAX_JSON_DEPTH = 64;

type Done = (error: Error | null, body?: unknown) => void;

/**
 * JSON is parsed (UTF-8 only, no `__proto__`, bounded depth); every other media type a route
 * declares arrives as a Buffer. What the route does not declare is answered 415.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  const parseText = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  const parse = (request: FastifyRequest, body: Buffer, done: Done): void => {
    const type = mediaType(request);
    const consumes = request.routeOptions.config.endpoint?.consumes ?? [];
    if (!consumes.includes(type)) {
      const expected = consumes.join(', ');
      done(new AppError('request.unsupported_media_type', { expected }));
      return;
    }
    if (request.routeOptions.config.hashBody === true) {
      request.bodySha256 = createHash('sha256').update(body).digest('hex');
    }
    if (type !== 'application/json') {
      done(null, body);
      return;
    }
    const fault = body.length === 0 ? 'está vacío' : jsonFault(body);
    if (fault !== undefined) {
      done(new AppError('request.malformed_json', { reason: fault }));
      return;
    }
    const text = body.toString('utf8');
    parseText.call(fastify, request, text, (error, value) => {
      if (error === null) done(null, value);
      else done(new AppError('request.malformed_json', { reason: reasonOf(text) }));
    });
  };
  // By name too, because the catch-all is not cached.
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, parse);
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, parse);
}

/** Refuses compressed bodies before a byte of them is read. */
export function assertPlainBody(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new AppError('request.unsupported_media_type', { expected: 'un cuerpo sin comprimir' });
  }
}

function mediaType(request: FastifyRequest): string {
  const header = request.headers['content-type'] ?? '';
  const end = header.indexOf(';');
  return (end === -1 ? header : header.slice(0, end)).trim().toLowerCase();
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

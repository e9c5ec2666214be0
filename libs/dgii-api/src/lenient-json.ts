import type { DgiiMessage } from '@getupnet/contracts';
import { cleanText, cutText } from './texts.js';

/** Members of a JSON object under their names in lower case: DGII writes both `eNCF` and `encf`. */
export type Fields = ReadonlyMap<string, unknown>;

/** No text DGII writes into a field is longer; what is longer is cut. */
const MAX_FIELD_CHARS = 1_000;
const MAX_CODE_CHARS = 64;
/** Of one answer: DGII's longest has some dozens of messages of a line each. */
const MAX_MESSAGES = 100;
const MAX_MESSAGE_CHARS = 8_192;
/** Stands for messages that were left out. */
const MORE: DgiiMessage = { codigo: '', valor: '[…]' };

/** Value of a JSON text, also of one that was encoded twice; `undefined` when it is not JSON. */
export function parseJson(text: string): unknown {
  const value = tryParse(text.replace(/^\uFEFF/, ''));
  if (typeof value !== 'string') return value;
  return /^\s*[[{]/.test(value) ? (tryParse(value) ?? value) : value;
}

function tryParse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

export function fieldsOf(value: unknown): Fields | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([key, member]) => [key.toLowerCase(), member]));
}

/**
 * Text of the first of `names` that is present: string, number or boolean; blank counts as absent.
 * Cut to a bearable length.
 */
export function textOf(fields: Fields, ...names: readonly string[]): string | null {
  const text = wholeTextOf(fields, ...names);
  return text === null ? null : cutText(text, MAX_FIELD_CHARS);
}

/** As `textOf`, for what is worth nothing in part. */
export function wholeTextOf(fields: Fields, ...names: readonly string[]): string | null {
  for (const name of names) {
    const text = plainText(fields.get(name));
    if (text !== null && text.trim() !== '') return text.trim();
  }
  return null;
}

/** `true`, `"True"`, `1`, `"1"` and their opposites; anything else is unknown. */
export function flagOf(fields: Fields, name: string): boolean | null {
  const text = plainText(fields.get(name))?.trim().toLowerCase();
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : null;
}

/** A list, whether DGII sent an array, one object alone or nothing. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * `mensajes` in any shape seen: objects, strings, one alone, code as number or text. Verbatim, as
 * far as they are of bearable number and length.
 */
export function messagesOf(value: unknown): readonly DgiiMessage[] {
  return boundedMessages(listOf(value).flatMap((entry) => messageOf(entry) ?? []));
}

function messageOf(entry: unknown): DgiiMessage | null {
  const text = plainText(entry);
  if (text !== null) return text === '' ? null : { codigo: '', valor: text };
  const fields = fieldsOf(entry);
  if (!fields) return null;
  const valor = plainText(fields.get('valor') ?? fields.get('mensaje')) ?? '';
  const codigo = plainText(fields.get('codigo')) ?? '';
  return valor === '' && codigo === '' ? null : { codigo, valor };
}

/** Messages of one answer, cut and counted: a hostile answer must not burst who hands it on. */
export function boundedMessages(messages: readonly DgiiMessage[]): readonly DgiiMessage[] {
  const kept: DgiiMessage[] = [];
  let room = MAX_MESSAGE_CHARS;
  for (const message of messages) {
    if (kept.length === MAX_MESSAGES || room <= 0) return [...kept, MORE];
    const codigo = cutText(message.codigo, Math.min(room, MAX_CODE_CHARS));
    const valor = cutText(message.valor, Math.min(room, MAX_FIELD_CHARS));
    kept.push({ codigo, valor });
    room -= codigo.length + valor.length;
  }
  return kept;
}

function plainText(value: unknown): string | null {
  if (typeof value === 'string') return cleanText(value);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Words without accents, in lower case, one space between them. */
export function plainWords(text: string): string {
  const bare = text.normalize('NFD').replace(/\p{Diacritic}/gu, '');
  return bare.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** A code without leading noughts: `01` and `1` are the same. */
export function bareCode(codigo: string): string {
  return codigo.trim().replace(/^0+(?=\d)/, '');
}

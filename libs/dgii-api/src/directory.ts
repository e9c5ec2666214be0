import { fieldsOf, listOf, textOf, wholeTextOf, type Fields } from './lenient-json.js';

/** One electronic taxpayer's published addresses (Descripción Técnica v1.6, p. 34), verbatim. */
export interface DirectoryEntry {
  readonly nombre: string;
  /** Digits only. */
  readonly rnc: string;
  readonly urlRecepcion: string | null;
  readonly urlAceptacion: string | null;
  /** Where to authenticate; null when the receiver wants no authentication. */
  readonly urlOpcional: string | null;
}

/** Resources every electronic taxpayer offers below its base (p. 52-57). */
const RESOURCES = ['autenticacion', 'recepcion', 'recepción', 'aprobacioncomercial'] as const;
const MAX_ADDRESS_CHARS = 1_000;
const STANDARD_TAIL = new RegExp(`/fe(?:/(?:${RESOURCES.join('|')})(?:/.*)?)?$`, 'i');

/** An array, or one object alone; lines without an RNC are left out, a list of such is no answer. */
export function readDirectory(json: unknown): readonly DirectoryEntry[] | null {
  if (json === null || typeof json !== 'object') return null;
  const lines = listOf(json);
  const entries = lines.flatMap((line) => {
    const fields = fieldsOf(line);
    return (fields && directoryEntry(fields)) ?? [];
  });
  return entries.length === 0 && lines.length > 0 ? null : entries;
}

/**
 * Base of a receiver's address, to which `/fe/…` is appended. Taxpayers type it themselves: without
 * a scheme, with strokes at the end, with the standard resource or `/fe` already on it, in capitals.
 * Null when no web address can be made of it. Whether it may be called is another's decision.
 */
export function receiverBase(typed: string | null): string | null {
  const text = typed?.trim() ?? '';
  if (text === '' || /\s/.test(text)) return null;
  const stated = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(stated)) return null;
  const url = new URL(stated);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  if (!web || url.username !== '' || url.password !== '') return null;
  const path = trimmed(decoded(url.pathname)).replace(STANDARD_TAIL, '');
  // The URL's own escaping, so that nothing typed reaches a request line as it is.
  url.pathname = trimmed(path);
  url.search = '';
  url.hash = '';
  return trimmed(url.href);
}

function directoryEntry(fields: Fields): DirectoryEntry | null {
  const rnc = textOf(fields, 'rnc')?.replace(/[\s-]/g, '') ?? '';
  if (!/^\d{9}(\d{2})?$/.test(rnc)) return null;
  return {
    nombre: textOf(fields, 'nombre') ?? '',
    rnc,
    urlRecepcion: addressOf(fields, 'urlrecepcion'),
    urlAceptacion: addressOf(fields, 'urlaceptacion'),
    urlOpcional: addressOf(fields, 'urlopcional'),
  };
}

/** Half an address is another address. */
function addressOf(fields: Fields, name: string): string | null {
  const text = wholeTextOf(fields, name);
  return text !== null && text.length <= MAX_ADDRESS_CHARS ? text : null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).normalize('NFC');
  } catch {
    // A stray percent sign: taken literally.
    return path;
  }
}

function trimmed(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

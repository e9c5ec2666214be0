import type { DgiiMessage } from '@getupnet/contracts';
import {
  boundedMessages,
  fieldsOf,
  listOf,
  messagesOf,
  parseJson,
  textOf,
  type Fields,
} from './lenient-json.js';
import { cleanText } from './texts.js';

/** Shapes in which DGII's services and the servers before them report a failure. */
export type ErrorShape =
  'text' | 'mensaje' | 'error' | 'mensajes' | 'problem-details' | 'markup' | 'empty' | 'unreadable';

/** Any error answer, reduced to one form. */
export interface ErrorBody {
  readonly httpStatus: number;
  readonly shape: ErrorShape;
  readonly codigo: string | null;
  readonly mensajes: readonly DgiiMessage[];
  /** The body as it came. */
  readonly raw: string;
  /** A person could read a reason in it: not HTML, not empty, not an unknown structure. */
  readonly readable: boolean;
}

/** The one normaliser of error answers (shapes: Descripción Técnica v1.6 and reports from the field). */
export function readErrorBody(httpStatus: number, contentType: string, raw: string): ErrorBody {
  const { shape, codigo = null, mensajes: said = [] } = classify(contentType, raw);
  const mensajes = boundedMessages(said);
  const readable = mensajes.some((one) => one.valor.trim() !== '');
  return { httpStatus, shape, codigo, mensajes, raw, readable };
}

interface Classified {
  readonly shape: ErrorShape;
  readonly codigo?: string | null;
  readonly mensajes?: readonly DgiiMessage[];
}

function classify(contentType: string, raw: string): Classified {
  const text = raw.replace(/^\uFEFF/, '').trim();
  if (text === '') return { shape: 'empty' };
  if (isMarkup(contentType, text)) return { shape: 'markup' };
  const value = parseJson(text);
  if (value === undefined) {
    // Broken JSON is no reason anybody could read; any other text is DGII's bare string.
    return /^["[{]/.test(text) ? { shape: 'unreadable' } : bareText(text);
  }
  if (typeof value === 'string') return bareText(value);
  const fields = fieldsOf(value);
  if (fields) return classifyObject(fields);
  const mensajes = Array.isArray(value) ? messagesOf(value) : [];
  return mensajes.length > 0 ? { shape: 'mensajes', mensajes } : { shape: 'unreadable' };
}

function classifyObject(fields: Fields): Classified {
  const codigo = textOf(fields, 'codigo');
  const mensajes = messagesOf(fields.get('mensajes'));
  if (mensajes.length > 0) return { shape: 'mensajes', codigo, mensajes };
  const details = problemDetails(fields);
  if (details.length > 0) return { shape: 'problem-details', codigo, mensajes: details };
  const single = [
    { shape: 'mensaje', found: messagesOf(fields.get('mensaje') ?? fields.get('message')) },
    { shape: 'error', found: messagesOf(fields.get('error')) },
  ] as const;
  for (const { shape, found } of single) {
    if (found.length > 0) {
      return { shape, codigo, mensajes: found.map((one) => withCode(one, codigo)) };
    }
  }
  return { shape: 'unreadable', codigo };
}

/** RFC 7807 as ASP.NET writes it: `title` and, per field, a list of texts. */
function problemDetails(fields: Fields): readonly DgiiMessage[] {
  const title = textOf(fields, 'title');
  if (title === null) return [];
  const detail = textOf(fields, 'detail');
  const errors = [...(fieldsOf(fields.get('errors')) ?? [])].flatMap(([field, texts]) =>
    listOf(texts).flatMap((text) =>
      typeof text === 'string'
        ? [{ codigo: '', valor: cleanText(field ? `${field}: ${text}` : text) }]
        : [],
    ),
  );
  const head = detail === null ? title : `${title}: ${detail}`;
  return [{ codigo: '', valor: head }, ...errors];
}

function withCode(message: DgiiMessage, codigo: string | null): DgiiMessage {
  return message.codigo === '' && codigo !== null ? { codigo, valor: message.valor } : message;
}

function bareText(text: string): Classified {
  return { shape: 'text', mensajes: [{ codigo: '', valor: cleanText(text) }] };
}

/** HTML or XML where JSON was asked for: a proxy, a firewall or a maintenance page speaks. */
export function isMarkup(contentType: string, body: string): boolean {
  return isHtml(contentType) || /^\s*</.test(body);
}

export function isHtml(contentType: string): boolean {
  return /\bhtml\b/i.test(contentType);
}

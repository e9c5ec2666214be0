import type { LedgerDraft } from '../state/ledger.js';

/** A JSON number whose digits are kept as they are: an amount is never a binary float. */
export class JsonNumber {
  constructor(readonly text: string) {
    if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`not a decimal number: ${text}`);
  }
}

export type Value =
  | string
  | number
  | boolean
  | null
  | JsonNumber
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What a service says; how it is written (JSON or XML) is the caller's `Accept`. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** What the body was written from, with its root if it is XML. */
  readonly data?: { readonly value: Value; readonly xmlRoot?: string };
  /** The ledger line of this call; calls that only read have none. */
  readonly record?: LedgerDraft;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const XML_TYPE = 'application/xml; charset=utf-8';
const HTML_TYPE = 'text/html; charset=utf-8';

export function jsonText(value: Value): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`,
  );
  return `{${members.join(',')}}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

/** Text that is safe between and inside tags, of HTML and of XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

function xmlElement(name: string, value: Value): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item) => xmlElement(name, item)).join('');
  if (value instanceof JsonNumber) return `<${name}>${value.text}</${name}>`;
  if (typeof value !== 'object') return `<${name}>${escapeMarkup(String(value))}</${name}>`;
  const inner = Object.entries(value).map(([key, item]) => xmlElement(key, item));
  return `<${name}>${inner.join('')}</${name}>`;
}

/** A service's data: JSON, or XML under `root` (Descripción Técnica v1.6, pp. 10-46). */
export function dataAnswer(
  value: Value,
  form: { readonly status?: number; readonly root?: string; readonly wantsXml: boolean },
  record?: LedgerDraft,
): Answer {
  const xmlRoot = form.wantsXml ? form.root : undefined;
  return {
    status: form.status ?? 200,
    ...written(value, xmlRoot),
    ...(record === undefined ? {} : { record }),
  };
}

/** The same answer with other data in it. */
export function withValue(answer: Answer, value: Value): Answer {
  return { ...answer, ...written(value, answer.data?.xmlRoot) };
}

function written(
  value: Value,
  xmlRoot: string | undefined,
): Pick<Answer, 'body' | 'contentType' | 'data'> {
  if (xmlRoot === undefined) {
    return { contentType: JSON_TYPE, body: jsonText(value), data: { value } };
  }
  const body = `<?xml version="1.0" encoding="utf-8"?>${xmlElement(xmlRoot, value)}`;
  return { contentType: XML_TYPE, body, data: { value, xmlRoot } };
}

export function xmlAnswer(xml: string): Answer {
  return { status: 200, contentType: XML_TYPE, body: xml };
}

/** DGII often sends a bare text as the reason of a 4xx, JSON-encoded under text/plain. */
export function textAnswer(status: number, text: string, record?: LedgerDraft): Answer {
  const body = text === '' ? '' : JSON.stringify(text);
  const contentType = 'text/plain; charset=utf-8';
  return { status, contentType, body, ...(record === undefined ? {} : { record }) };
}

/** ASP.NET's ProblemDetails, which DGII answers when a parameter is missing. */
export function parameterProblem(field: string, message: string): Answer {
  return {
    status: 400,
    contentType: 'application/problem+json; charset=utf-8',
    body: jsonText({
      type: 'https://tools.ietf.org/html/rfc7231#section-6.5.1',
      title: 'One or more validation errors occurred.',
      status: 400,
      errors: { [field]: [message] },
    }),
  };
}

export function htmlAnswer(status: number, title: string, bodyHtml = ''): Answer {
  const text = escapeMarkup(title);
  return {
    status,
    contentType: HTML_TYPE,
    body:
      '<!DOCTYPE html><html lang="es"><head><meta charset="utf-8">' +
      `<title>${text}</title></head><body><h2>${text}</h2>${bodyHtml}</body></html>`,
  };
}

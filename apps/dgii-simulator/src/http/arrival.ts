import type { FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import type { ReceivedFile } from '../services/call.js';
import type { DocumentStore } from '../state/document-store.js';
import { uploadedFile } from './multipart.js';

/** Whom a call is about, before anything is opened: by file name, query or trackId. */
export function subjectOf(
  query: Readonly<Record<string, string>>,
  file: ReceivedFile | undefined,
  store: DocumentStore,
): { readonly rnc: string | null; readonly encf: string | null } {
  const named = /^(\d{9}|\d{11})(E\d{12})\.xml$/i.exec(file?.fileName ?? '');
  if (named !== null) return { rnc: named[1] ?? null, encf: named[2]?.toUpperCase() ?? null };
  const tracked = store.track(query['trackid'] ?? '');
  if (tracked !== undefined) return { rnc: tracked.rnc, encf: tracked.encf };
  return {
    rnc: query['rncemisor'] ?? query['rnc_emisor'] ?? query['rnc'] ?? null,
    encf: (query['encf'] ?? query['ncfelectronico'])?.toUpperCase() ?? null,
  };
}

/** DGII reads a body without a real Content-Length as an empty form. */
export function fileOf(request: FastifyRequest): ReceivedFile | undefined {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body) || headers['content-length'] === undefined) return undefined;
  const file = uploadedFile(body, headers['content-type'] ?? '', 'xml');
  if (file === undefined) return undefined;
  return { ...file, sha256: createHash('sha256').update(file.bytes).digest('hex') };
}

/** DGII's parameters are case-insensitive; repeated ones count for nothing. */
export function lowerCaseKeys(query: unknown): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(query ?? {})) {
    if (typeof value === 'string') result[key.toLowerCase()] = value;
  }
  return result;
}

export function wantsXml(accept: string | undefined): boolean {
  return accept !== undefined && /\bxml\b/i.test(accept) && !/\bjson\b/i.test(accept);
}

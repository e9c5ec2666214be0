import { AppError } from '@getupnet/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readNoMore } from './client-errors.js';

/** Header lines of one request; more is answered 431. */
export const MAX_HEADERS = 100;

/** Names and values alternate in Node's list. */
const MAX_RAW = 2 * MAX_HEADERS;

/**
 * What Node's parser lets pass and proxies might read otherwise: a missing or repeated Host, a coding
 * that is not plain `chunked`, a chunked body in HTTP/1.0 — and too many header lines.
 */
export function assertFraming(request: FastifyRequest, reply: FastifyReply): void {
  const fault = faultOf(request);
  if (fault === undefined) return;
  // Where the next request on this connection begins is open to doubt.
  reply.header('connection', 'close');
  readNoMore(request.raw.socket);
  throw fault;
}

function faultOf({ raw }: FastifyRequest): AppError | undefined {
  const { rawHeaders, headers, httpVersion } = raw;
  if (rawHeaders.length > MAX_RAW) return new AppError('headers.too_large');
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersion !== '1.1' || coding.toLowerCase() !== 'chunked')) {
    return unreadable('Transfer-Encoding no admitido');
  }
  if (headers.host === undefined) {
    if (httpVersion === '1.1') return unreadable('falta el encabezado Host');
  } else if (hasTwice(rawHeaders, 'host')) return unreadable('hay dos encabezados Host');
  return undefined;
}

/** Whether a header comes more than once, where Node silently keeps the first. */
function hasTwice(rawHeaders: readonly string[], name: string): boolean {
  let found = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const stated = rawHeaders[at] ?? '';
    if (stated.length !== name.length || stated.toLowerCase() !== name) continue;
    if (found) return true;
    found = true;
  }
  return false;
}

const unreadable = (reason: string): AppError => new AppError('request.invalid', { reason });

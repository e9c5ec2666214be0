import { createHash } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BodyLines } from './body-lines.js';
import { strictJson } from './json-body.js';

export const DEFAULT_BODY_LIMIT = 1024 * 1024;
/** No route may allow more. */
export const MAX_BODY_LIMIT = 10 * 1024 * 1024;

type Done = (error: Error | null, body?: unknown) => void;

/**
 * JSON is parsed (UTF-8 only, no `__proto__`, bounded depth), the lines of NDJSON where a route says
 * what they are, when they are read; every other media type a route declares arrives as a Buffer.
 * What the route does not declare is answered 415.
 */
export function registerBodyParsers(fastify: FastifyInstance): void {
  const readJson = strictJson(fastify);
  fastify.removeAllContentTypeParsers();
  const parse = (request: FastifyRequest, body: Buffer, done: Done): void => {
    const type = mediaType(request);
    const { endpoint, hashBody } = request.routeOptions.config;
    const consumes = endpoint?.consumes ?? [];
    if (!consumes.includes(type)) {
      const expected = consumes.join(', ');
      done(new AppError('request.unsupported_media_type', { expected }));
      return;
    }
    if (hashBody === true) {
      request.bodySha256 = createHash('sha256').update(body).digest('hex');
    }
    if (endpoint?.request?.lines !== undefined) {
      done(null, new BodyLines(body, (bytes) => readJson(bytes, request)));
      return;
    }
    if (type !== 'application/json') {
      done(null, body);
      return;
    }
    try {
      done(null, readJson(body, request));
    } catch (error) {
      done(error as Error);
    }
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

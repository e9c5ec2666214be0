import type { FastifyRequest } from 'fastify';
import { uploadedFile } from '../../http/multipart.js';
import type { ActionInput } from './actions.js';

/** Reads a request's body: JSON, a form with or without files, or one bare file. */
export function inputOf(request: FastifyRequest): ActionInput {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body)) return { fields: fieldsOf(body), file: () => undefined };
  const type = headers['content-type'] ?? '';
  if (/^multipart\/form-data/i.test(type)) {
    return { fields: {}, file: (name) => uploadedFile(body, type, name)?.bytes };
  }
  if (/^application\/x-www-form-urlencoded/i.test(type)) {
    const form = new URLSearchParams(body.toString('utf8'));
    return { fields: Object.fromEntries(form), file: () => undefined };
  }
  return { fields: {}, file: () => body };
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? Object.fromEntries(Object.entries(body)) : {};
}

import { createHash } from 'node:crypto';
import { AppError, canonicalJson, type Json } from '@getupnet/kernel';
import type { TenantContext } from '@getupnet/tenant-context';
import { z } from 'zod';
import { idempotencyKeyOf } from '../issue-document/emit-headers.js';

/** Header of the routes that make something which a repetition must not make again. */
export const requestKeyHeaders = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .describe(
      'Clave única de la solicitud: repetirla con la misma clave nunca la ejecuta dos veces.',
    ),
});

/** A request that is carried out once, however often it arrives. */
export interface RequestKey {
  readonly key: string;
  /** Hex SHA-256 of what was asked for, and in which environment. */
  readonly sha256: string;
}

export function requestKeyOf(
  headers: Readonly<Record<string, string | undefined>>,
  { environment }: Pick<TenantContext, 'environment'>,
  asked: object,
): RequestKey {
  return {
    key: idempotencyKeyOf(headers['idempotency-key']),
    sha256: createHash('sha256')
      .update(canonicalJson({ environment, asked: asked as Json }))
      .digest('hex'),
  };
}

/** Rejects with `idempotency.key_reused` when the key was used for something else, or elsewhere. */
export function assertSameRequest({ sha256 }: RequestKey, earlierSha256: string | null): void {
  if (sha256 !== earlierSha256) throw new AppError('idempotency.key_reused');
}

import { AppError } from '@getupnet/kernel';
import { z } from 'zod';

/** Answers leave within 30 s (NET-7); a longer wait is cut. */
const MOST_WAIT_S = 25;
const KEY = /^[\x21-\x7e]{1,255}$/;
const WAIT = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:,|;|$)/i;

export const emitHeadersSchema = z.object({
  'Idempotency-Key': z
    .string()
    .regex(KEY)
    .describe('Clave única por documento: un reintento con la misma clave nunca duplica.'),
  Prefer: z
    .string()
    .optional()
    .describe('«wait=N»: espera hasta N segundos (máximo 25) el veredicto de la DGII.'),
});

/** Rejects with `idempotency.key_required` when it is absent or not 1–255 printable characters. */
export function idempotencyKeyOf(header: string | undefined): string {
  const key = header?.trim() ?? '';
  if (!KEY.test(key)) throw new AppError('idempotency.key_required');
  return key;
}

/** Seconds of `Prefer: wait=N` (RFC 7240), cut to what we keep; 0 when not asked. */
export function waitSecondsOf(prefer: string | undefined): number {
  const match = prefer === undefined ? null : WAIT.exec(prefer);
  return match ? Math.min(Number(match[1]), MOST_WAIT_S) : 0;
}

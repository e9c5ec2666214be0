import { createPrivateKey } from 'node:crypto';
import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

const ms = (fallback: number, least: number, most: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);

/** AUD-2: a checkpoint at the latest after this long, or so many events. */
const MOST_CHECKPOINT_MS = 60_000;
const MOST_CHECKPOINT_EVENTS = 1_000;

/** Variables of the audit service. */
export const auditEnv = defineEnv('audit', {
  AUDIT_CHECKPOINT_KEY: z
    .string()
    .refine(isEd25519, { error: 'must be an Ed25519 private key in PEM' })
    .describe('Private key that signs checkpoints, PEM; nobody else may read it')
    .meta({ secret: true }),
  AUDIT_POLL_MS: ms(500, 10, 5_000).describe('How often the chain looks for new events'),
  AUDIT_CHECKPOINT_MS: ms(MOST_CHECKPOINT_MS, 100, MOST_CHECKPOINT_MS).describe(
    'A checkpoint is made after this long, if there was any event',
  ),
  AUDIT_CHECKPOINT_EVENTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_CHECKPOINT_EVENTS)
    .default(MOST_CHECKPOINT_EVENTS)
    .describe('Or after so many events, once a second at most'),
});

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

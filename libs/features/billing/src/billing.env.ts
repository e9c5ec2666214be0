import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

const ms = (fallback: number, most: number) =>
  z.coerce.number().int().min(1).max(most).default(fallback);

const variables = {
  BILLING_LEASE_MS: ms(45_000, 600_000).describe(
    'How long a worker owns a document it is sending; longer than any call to DGII may take, and ' +
      'shorter than BILLING_IN_FLIGHT_WINDOW_MS.',
  ),
  BILLING_IN_FLIGHT_WINDOW_MS: ms(60_000, 3_600_000).describe(
    'After an unanswered send, how long until "DGII does not know it" is believed.',
  ),
  BILLING_FIRST_POLL_MS: ms(60, 60_000).describe(
    'Wait between a trackId and the first question for its result.',
  ),
  BILLING_POLL_MS: ms(1_000, 600_000).describe('Shortest wait between two questions for a result.'),
  BILLING_HAND_OVER_MS: ms(30_000, 600_000).describe(
    'A document that nobody moved on for this long is handed to a worker again.',
  ),
  BILLING_SWEEP_MS: ms(250, 60_000).describe('How often due documents are looked for.'),
  BILLING_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(24)
    .describe(
      'Jobs of the document queue handled at the same time by one worker process; a third of them ' +
        'at most for one tenant.',
    ),
  BILLING_NEAR_DOCUMENTS: z.coerce
    .number()
    .int()
    .min(0)
    .max(4_096)
    .default(256)
    .describe(
      'Documents of waiting requests that a process with workers drives by itself at once; the ' +
        'others, and all of them with 0, go through the queue.',
    ),
  BILLING_BATCH_LINES: z.coerce
    .number()
    .int()
    .min(1)
    .max(4_096)
    .default(256)
    .describe('Lines of batches that one process is accepting at the same time.'),
  BILLING_BATCH_LINES_PER_TENANT: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_024)
    .default(64)
    .describe('Of those, the most that are one tenant’s, over all of its batches.'),
  BILLING_CONTINGENCY_AFTER_MS: ms(60_000, 3_600_000).describe(
    'How long DGII must not have been reached before documents are issued in contingency; ' +
      'announced maintenance counts at once.',
  ),
  BILLING_DEFERRED_AFTER_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(23 * 3_600_000)
    .default(0)
    .describe(
      'How long after its issue a document with IndicadorEnvioDiferido is sent; the law allows a ' +
        'day, and 0 sends it at once.',
    ),
  BILLING_SEQUENCE_WATCH_MS: ms(60_000, 3_600_000).describe(
    'How often the sequences of all tenants are looked through for what is running out.',
  ),
  BILLING_SEQUENCE_EXPIRY_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .describe('Days before a range of numbers expires at which its tenant is told.'),
  BILLING_VOID_SWEEP_MS: ms(1_000, 60_000).describe(
    'How often void requests that are due are looked for.',
  ),
  AUDIT_BACKLOG_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(100_000)
    .describe('Audit events waiting to be chained beyond which no document is accepted (503).'),
  BILLING_RI_CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(1024 ** 3)
    .default(32 * 1024 ** 2)
    .describe('Printed representations one process keeps in memory, in bytes; 0 keeps none.'),
};

export const billingEnv = defineEnv(
  'billing',
  variables,
  ({ BILLING_LEASE_MS, BILLING_IN_FLIGHT_WINDOW_MS }) => {
    if (BILLING_LEASE_MS < BILLING_IN_FLIGHT_WINDOW_MS) return undefined;
    // What a sender posts late in its lease would still be under way when "DGII does not know it" is
    // believed of its intent, and the document be sent twice.
    return 'BILLING_LEASE_MS: must be shorter than BILLING_IN_FLIGHT_WINDOW_MS';
  },
);

import { z } from 'zod';
import { DOCUMENT_STATES } from '../document-state.js';
import { ENVIRONMENTS } from '../environment.js';
import { MAX_PAGE, pageQuerySchema } from './billing.js';

export const ADMIN_DOCUMENT_ROUTES = {
  documents: '/admin/documents',
  replay: '/admin/documents/:id/replay',
} as const;

/**
 * `dead_letter`: nobody tries it again until somebody says so. `waiting`: under way for longer than
 * it should be.
 */
export const STUCK_KINDS = ['dead_letter', 'waiting'] as const;
export type StuckKind = (typeof STUCK_KINDS)[number];

const MIN_REASON = 10;
const MAX_REASON = 500;
const MOST_MINUTES = 43_200;

export const listStuckQuerySchema = z.strictObject({
  ...pageQuerySchema.shape,
  stuck: z
    .enum(STUCK_KINDS)
    .default('dead_letter')
    .describe('dead_letter: espera a una persona. waiting: sigue en curso desde hace demasiado.'),
  minutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_MINUTES)
    .default(10)
    .describe('Con waiting: en curso desde hace más de estos minutos.'),
  tenantId: z.uuid().optional(),
  state: z.enum(DOCUMENT_STATES).optional(),
});
export type ListStuckQuery = z.infer<typeof listStuckQuerySchema>;

export const stuckDocumentSchema = z
  .strictObject({
    id: z.uuid(),
    tenantId: z.uuid(),
    environment: z.enum(ENVIRONMENTS),
    tipo: z.string(),
    state: z.enum(DOCUMENT_STATES),
    since: z.iso.datetime().describe('Desde cuándo espera a una persona, o existe.'),
    createdAt: z.iso.datetime(),
    nextAttemptAt: z.iso.datetime().nullable(),
    attempts: z.int().describe('Envíos intentados a la DGII.'),
    faults: z.int().describe('Fallos seguidos al tratarlo.'),
    starts: z.int().describe('Veces seguidas que se comenzó y no se supo más del proceso.'),
    lastError: z.string().nullable(),
    links: z.strictObject({ replay: z.string() }),
  })
  .meta({ id: 'StuckDocument' });
export type StuckDocument = z.infer<typeof stuckDocumentSchema>;

export const stuckDocumentListSchema = z
  .strictObject({
    data: z.array(stuckDocumentSchema).max(MAX_PAGE),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'StuckDocumentList' });
export type StuckDocumentList = z.infer<typeof stuckDocumentListSchema>;

export const replayDocumentSchema = z
  .strictObject({
    tenantId: z.uuid().describe('La empresa del comprobante.'),
    reason: z
      .string()
      .trim()
      .min(MIN_REASON)
      .max(MAX_REASON)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'No admite caracteres de control.' })
      .describe('Queda en la auditoría de la empresa y de la plataforma.'),
  })
  .meta({ id: 'ReplayDocument' });
export type ReplayDocument = z.infer<typeof replayDocumentSchema>;

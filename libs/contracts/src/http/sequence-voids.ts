import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import { TIPOS_ECF, dgiiMessageSchema, ownText, pageQuerySchema } from './billing.js';
import { numberInSequence } from './sequences.js';

/**
 * Ranges of one request. An ANECF takes 10,000 of each type (Formato Anulación, May 2022); the tenant
 * issues nothing of these types while they are taken out of use, so it is done in small parts.
 */
export const MOST_VOID_RANGES = 1_000;

/**
 * QUEUED: out of use, ANECF not signed yet. SIGNED: to be sent. SENDING: intent committed. UNKNOWN:
 * sent without a usable answer; the same bytes go again. The others are final: DGII voided all, all
 * but what its messages name, nothing, or a person has to find out.
 */
export const VOID_STATES = [
  'QUEUED',
  'SIGNED',
  'SENDING',
  'UNKNOWN',
  'ACCEPTED',
  'PARTIALLY_ACCEPTED',
  'REJECTED',
  'REVIEW',
] as const;
export type VoidState = (typeof VOID_STATES)[number];

/** What became of numbers that were asked to be voided; never issued again in any case. */
export const VOID_OUTCOMES = ['PENDING', 'VOIDED', 'NOT_VOIDED', 'UNCLEAR'] as const;
export type VoidOutcome = (typeof VOID_OUTCOMES)[number];

export const createVoidSchema = z
  .strictObject({
    ranges: z
      .array(
        z
          .strictObject({
            tipo: z.enum(TIPOS_ECF),
            first: numberInSequence.describe('Primer número (sin «E» ni tipo).'),
            last: numberInSequence.describe('Último número.'),
          })
          .refine((range) => range.first <= range.last, {
            path: ['last'],
            message: 'El último número no puede ser menor que el primero.',
          }),
      )
      .min(1)
      .max(MOST_VOID_RANGES),
    reason: ownText(250).optional().describe('Por qué se anulan, para la auditoría.'),
  })
  .meta({ id: 'CreateVoid' });
export type CreateVoid = z.infer<typeof createVoidSchema>;

export const settleVoidSchema = z
  .strictObject({
    outcome: z
      .enum(['VOIDED', 'NOT_VOIDED'])
      .describe('Lo que la DGII muestra en la OFV para los números UNCLEAR.'),
    note: ownText(250).describe('Cómo se comprobó, para la auditoría.'),
  })
  .meta({ id: 'SettleVoid' });
export type SettleVoid = z.infer<typeof settleVoidSchema>;

export const voidSummarySchema = z
  .strictObject({
    id: z.uuid(),
    environment: z.enum(ENVIRONMENTS),
    state: z.enum(VOID_STATES),
    count: z.string().describe('Números que pide anular.'),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    dgii: z.strictObject({
      codigo: z.string().nullable(),
      mensajes: z.array(dgiiMessageSchema).describe('Las palabras de la DGII, tal como llegaron.'),
    }),
    unanswered: z
      .boolean()
      .describe('Un envío quedó sin respuesta: lo que diga la DGII puede referirse a ese.'),
    lastError: z.string().nullable(),
    retries: z.uuid().nullable().describe('La anulación cuyos números pendientes repite.'),
    advice: z.string().nullable().describe('Qué hacer, si algo queda por hacer.'),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    links: z.strictObject({ self: z.string(), xml: z.string() }),
  })
  .meta({ id: 'SequenceVoidSummary' });
export type VoidSummary = z.infer<typeof voidSummarySchema>;

export const voidResourceSchema = voidSummarySchema
  .extend({
    ranges: z.array(
      z.strictObject({
        tipo: z.enum(TIPOS_ECF),
        first: z.string().describe('Primer e-NCF.'),
        last: z.string().describe('Último e-NCF.'),
        outcome: z
          .enum(VOID_OUTCOMES)
          .describe('Ninguno de estos números vuelve a emitirse, diga lo que diga la DGII.'),
      }),
    ),
  })
  .meta({ id: 'SequenceVoid' });
export type VoidResource = z.infer<typeof voidResourceSchema>;

export const voidListSchema = z
  .strictObject({ data: z.array(voidSummarySchema), nextCursor: z.string().nullable() })
  .meta({ id: 'SequenceVoidList' });
export type VoidList = z.infer<typeof voidListSchema>;

export const listVoidsQuerySchema = pageQuerySchema.extend({
  state: z.enum(VOID_STATES).optional(),
});
export type ListVoidsQuery = z.infer<typeof listVoidsQuerySchema>;

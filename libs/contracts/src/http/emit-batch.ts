import { z } from 'zod';
import { documentResourceSchema, emitRequestSchema } from './billing.js';

/** Lines one batch may have: ten thousand documents are ten requests. */
export const MOST_BATCH_LINES = 1_000;
/** Bytes one batch may have. */
export const MOST_BATCH_BYTES = 10 * 1024 * 1024;

/** One document of a batch: an emission with its key beside it instead of in a header. */
export const batchLineSchema = emitRequestSchema
  .extend({
    idempotencyKey: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, {
        error: 'Entre 1 y 255 caracteres imprimibles, sin espacios.',
      })
      .describe('Clave única por documento: repetir la línea con la misma clave nunca duplica.'),
  })
  .meta({ id: 'EmitBatchLine' });
export type BatchLine = z.infer<typeof batchLineSchema>;

/** What became of one line; in the order of the lines. */
export const batchResultSchema = z
  .strictObject({
    line: z.int().min(1).describe('Número de la línea, desde 1, contando las vacías.'),
    status: z
      .int()
      .describe('El estado HTTP que habría tenido la línea enviada sola: 202, 200, 4xx o 5xx.'),
    idempotencyKey: z.string().nullable().describe('Null si la línea no se pudo leer.'),
    replayed: z
      .literal(true)
      .optional()
      .describe('La clave ya tenía documento: es ese, como está ahora.'),
    document: documentResourceSchema.optional(),
    problem: z
      .looseObject({ code: z.string(), status: z.int(), title: z.string(), detail: z.string() })
      .optional()
      .describe('Por qué la línea no se tomó (RFC 9457); nada de ella quedó registrado.'),
    retryAfter: z.int().optional().describe('Segundos tras los que conviene repetir la línea.'),
  })
  .meta({ id: 'EmitBatchResult' });
export type BatchResult = z.infer<typeof batchResultSchema>;

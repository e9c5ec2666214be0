import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import type { DgiiReceiver } from '../ports/dgii-directory.js';
import { partySchema, rncSchema } from './dgii-parts.js';

/** Receivers told in one answer. */
export const DGII_DIRECTORY_MAX = 1_000;
const DIRECTORY_DEFAULT = 100;

export const dgiiDirectoryParamsSchema = z.strictObject({ rnc: rncSchema });
export const dgiiDirectoryQuerySchema = partySchema;
export const dgiiDirectoryListQuerySchema = z.strictObject({
  ...partySchema.shape,
  limit: z.coerce.number().int().min(1).max(DGII_DIRECTORY_MAX).default(DIRECTORY_DEFAULT),
  /** RNC after which the page begins. */
  cursor: rncSchema.optional(),
});
export const dgiiServicesQuerySchema = z.strictObject({ environment: z.enum(ENVIRONMENTS) });

const receiverSchema = z.object({
  nombre: z.string(),
  rnc: z.string(),
  urlRecepcion: z.string().nullable(),
  urlAceptacion: z.string().nullable(),
  urlOpcional: z.string().nullable(),
  bases: z.object({
    recepcion: z.string().nullable(),
    aceptacion: z.string().nullable(),
    autenticacion: z.string().nullable(),
  }),
}) satisfies z.ZodType<DgiiReceiver>;

export const dgiiDirectoryResponseSchema = z.object({
  /** False where DGII has no directory (certification). */
  supported: z.boolean(),
  data: z.array(receiverSchema),
});

/** One page of the directory in the order of RNCs; an RNC listed twice is told once. */
export const dgiiDirectoryListResponseSchema = z.object({
  ...dgiiDirectoryResponseSchema.shape,
  nextCursor: z.string().nullable(),
});

export const dgiiServicesResponseSchema = z.object({
  environment: z.enum(ENVIRONMENTS),
  /** DGII's word on the environment as a whole; null when it did not answer or no key is set. */
  available: z.boolean().nullable(),
  /** Every service of DGII: whether it exists there, and DGII's own word on it. */
  services: z.array(
    z.object({
      service: z.string(),
      offered: z.boolean(),
      available: z.boolean().nullable(),
      /** Verbatim. */
      estatus: z.string().nullable(),
    }),
  ),
  /** Announced maintenance that is not over; null when DGII did not answer or no key is set. */
  maintenance: z
    .array(z.object({ from: z.iso.datetime(), to: z.iso.datetime(), now: z.boolean() }))
    .nullable(),
  /** What our calls experience, by operation. */
  breakers: z.array(
    z.object({ operation: z.string(), state: z.enum(['closed', 'open', 'half-open']) }),
  ),
});

export type DgiiDirectoryQuery = z.infer<typeof dgiiDirectoryQuerySchema>;
export type DgiiDirectoryListQuery = z.infer<typeof dgiiDirectoryListQuerySchema>;
export type DgiiDirectoryResponse = z.infer<typeof dgiiDirectoryResponseSchema>;
export type DgiiDirectoryListResponse = z.infer<typeof dgiiDirectoryListResponseSchema>;
export type DgiiServicesQuery = z.infer<typeof dgiiServicesQuerySchema>;
export type DgiiServicesResponse = z.infer<typeof dgiiServicesResponseSchema>;

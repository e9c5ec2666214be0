import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import type { DgiiParty, DgiiUnavailable } from '../ports/dgii-gateway.port.js';

/** Items of one call. */
export const DGII_MAX_ITEMS = 64;
/** Longest signed file taken; an e-CF of 1,000 lines is below 1 MB. */
const MAX_XML_CHARS = 2_000_000;

export const rncSchema = z.string().regex(/^(\d{9}|\d{11})$/);
export const encfSchema = z.string().regex(/^E\d{12}$/);
export const signedXmlSchema = z.string().min(1).max(MAX_XML_CHARS);

export const partySchema = z.strictObject({
  tenantId: z.uuid(),
  environment: z.enum(ENVIRONMENTS),
  rnc: rncSchema,
}) satisfies z.ZodType<DgiiParty>;

/** Body of a route that takes items of one party. */
export const callOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ party: partySchema, items: z.array(item).min(1).max(DGII_MAX_ITEMS) });

export const messageSchema = z.object({ codigo: z.string(), valor: z.string() });

export const refusedOutcome = z.object({
  kind: z.literal('refused'),
  httpStatus: z.number().int(),
  mensajes: z.array(messageSchema),
  raw: z.string(),
});

export const unsupportedOutcome = z.object({ kind: z.literal('unsupported') });

export const unavailableOutcome = z.object({
  kind: z.literal('unavailable'),
  reason: z.string(),
  retryAfterMs: z.number().int().min(0),
}) satisfies z.ZodType<DgiiUnavailable>;

import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import type {
  DgiiFindItem,
  DgiiFindOutcome,
  DgiiParty,
  DgiiResultItem,
  DgiiResultOutcome,
  DgiiSendItem,
  DgiiSendOutcome,
} from '../ports/dgii-gateway.port.js';

/** Internal routes of the dgii-client service: the port DgiiGateway over HTTP. */
export const DGII_ROUTES = {
  token: '/dgii/token',
  send: '/dgii/ecf/send',
  status: '/dgii/ecf/status',
  find: '/dgii/ecf/find',
  directory: '/dgii/directory/:rnc',
  services: '/dgii/services',
} as const;

/** Items of one call. */
export const DGII_MAX_ITEMS = 64;
/** Bytes of a body of the send route; a caller with more items' bytes makes several calls. */
export const DGII_SEND_BODY_LIMIT = 8 * 1024 * 1024;
/** Longest signed file taken; an e-CF of 1,000 lines is below 1 MB. */
const MAX_XML_CHARS = 2_000_000;

const rnc = z.string().regex(/^(\d{9}|\d{11})$/);
const encf = z.string().regex(/^E\d{12}$/);
const route = z.enum(['ecf', 'rfce']);

const partySchema = z.strictObject({
  tenantId: z.uuid(),
  environment: z.enum(ENVIRONMENTS),
  rnc,
}) satisfies z.ZodType<DgiiParty>;

const sendItemSchema = z.strictObject({
  documentId: z.uuid(),
  route,
  encf,
  xml: z.string().min(1).max(MAX_XML_CHARS),
}) satisfies z.ZodType<DgiiSendItem>;

const resultItemSchema = z.strictObject({
  documentId: z.uuid(),
  encf,
  trackId: z.string().min(1).max(200),
}) satisfies z.ZodType<DgiiResultItem>;

const findItemSchema = z.strictObject({
  documentId: z.uuid(),
  route,
  encf,
  codigoSeguridad: z.string().max(20),
  buyerRnc: z.string().max(20).nullable(),
}) satisfies z.ZodType<DgiiFindItem>;

const callOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ party: partySchema, items: z.array(item).min(1).max(DGII_MAX_ITEMS) });

export const dgiiSendRequestSchema = callOf(sendItemSchema);
export const dgiiResultsRequestSchema = callOf(resultItemSchema);
export const dgiiFindRequestSchema = callOf(findItemSchema);

/** One result by query string: the party's and the item's members side by side. */
export const dgiiResultQuerySchema = z.strictObject({
  ...partySchema.shape,
  ...resultItemSchema.shape,
});

export const dgiiTokenRequestSchema = z.strictObject({ party: partySchema });
export const dgiiDirectoryParamsSchema = z.strictObject({ rnc });
export const dgiiDirectoryQuerySchema = partySchema;
export const dgiiServicesQuerySchema = z.strictObject({ environment: z.enum(ENVIRONMENTS) });

const messageSchema = z.object({ codigo: z.string(), valor: z.string() });

const verdictSchema = z.object({
  codigo: z.string(),
  estado: z.string(),
  status: z.enum(['ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED']),
  mensajes: z.array(messageSchema),
  secuenciaUtilizada: z.boolean().nullable(),
  fechaRecepcion: z.string().nullable(),
});

const verdictOutcome = z.object({ kind: z.literal('verdict'), verdict: verdictSchema });
const unavailableOutcome = z.object({
  kind: z.literal('unavailable'),
  reason: z.string(),
  retryAfterMs: z.number().int().min(0),
});

const sendOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('received'), trackId: z.string().min(1) }),
  verdictOutcome,
  z.object({
    kind: z.literal('refused'),
    httpStatus: z.number().int(),
    mensajes: z.array(messageSchema),
    raw: z.string(),
  }),
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
  unavailableOutcome,
]) satisfies z.ZodType<DgiiSendOutcome>;

const resultOutcomeSchema = z.discriminatedUnion('kind', [
  verdictOutcome,
  z.object({ kind: z.literal('pending'), estado: z.string() }),
  z.object({ kind: z.literal('foreign'), rnc: z.string(), encf: z.string() }),
  unavailableOutcome,
]) satisfies z.ZodType<DgiiResultOutcome>;

const findOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tracked'),
    trackIds: z.array(z.object({ trackId: z.string().min(1), estado: z.string() })),
  }),
  verdictOutcome,
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('unsupported') }),
  unavailableOutcome,
]) satisfies z.ZodType<DgiiFindOutcome>;

export const dgiiSendResponseSchema = z.object({ outcomes: z.array(sendOutcomeSchema) });
export const dgiiResultsResponseSchema = z.object({ outcomes: z.array(resultOutcomeSchema) });
export const dgiiFindResponseSchema = z.object({ outcomes: z.array(findOutcomeSchema) });

/** That a token is there and for how long; the token itself never leaves dgii-client. */
export const dgiiTokenResponseSchema = z.object({
  environment: z.enum(ENVIRONMENTS),
  thumbprint: z.string(),
  expiresAt: z.iso.datetime(),
});

export const dgiiDirectoryResponseSchema = z.object({
  /** False where DGII has no directory (certification). */
  supported: z.boolean(),
  data: z.array(
    z.object({
      nombre: z.string(),
      rnc: z.string(),
      urlRecepcion: z.string().nullable(),
      urlAceptacion: z.string().nullable(),
      urlOpcional: z.string().nullable(),
    }),
  ),
});

export const dgiiServicesResponseSchema = z.object({
  /** DGII's own word on its services; null when it did not answer or no key is configured. */
  dgii: z
    .array(z.object({ servicio: z.string(), estatus: z.string(), ambiente: z.string() }))
    .nullable(),
  /** What our calls experience, by operation. */
  breakers: z.array(
    z.object({ operation: z.string(), state: z.enum(['closed', 'open', 'half-open']) }),
  ),
});

export type DgiiSendRequest = z.infer<typeof dgiiSendRequestSchema>;
export type DgiiResultsRequest = z.infer<typeof dgiiResultsRequestSchema>;
export type DgiiResultQuery = z.infer<typeof dgiiResultQuerySchema>;
export type DgiiDirectoryQuery = z.infer<typeof dgiiDirectoryQuerySchema>;
export type DgiiTokenRequest = z.infer<typeof dgiiTokenRequestSchema>;
export type DgiiServicesQuery = z.infer<typeof dgiiServicesQuerySchema>;
export type DgiiFindRequest = z.infer<typeof dgiiFindRequestSchema>;
export type DgiiTokenResponse = z.infer<typeof dgiiTokenResponseSchema>;
export type DgiiDirectoryResponse = z.infer<typeof dgiiDirectoryResponseSchema>;
export type DgiiServicesResponse = z.infer<typeof dgiiServicesResponseSchema>;

import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import type {
  DgiiFindItem,
  DgiiFindOutcome,
  DgiiResultItem,
  DgiiResultOutcome,
  DgiiSendItem,
  DgiiSendOutcome,
} from '../ports/dgii-gateway.port.js';
import {
  callOf,
  encfSchema,
  messageSchema,
  partySchema,
  refusedOutcome,
  signedXmlSchema,
  unavailableOutcome,
  unsupportedOutcome,
} from './dgii-parts.js';

export { DGII_MAX_ITEMS } from './dgii-parts.js';

/** Internal routes of the dgii-client service: the port DgiiGateway over HTTP. */
export const DGII_ROUTES = {
  token: '/dgii/token',
  send: '/dgii/ecf/send',
  status: '/dgii/ecf/status',
  find: '/dgii/ecf/find',
  approvals: '/dgii/approvals/send',
  voids: '/dgii/voids/send',
  directoryList: '/dgii/directory',
  directory: '/dgii/directory/:rnc',
  services: '/dgii/services',
} as const;

/** Bytes of a body of the send route; a caller with more items' bytes makes several calls. */
export const DGII_SEND_BODY_LIMIT = 8 * 1024 * 1024;

const route = z.enum(['ecf', 'rfce']);

const sendItemSchema = z.strictObject({
  documentId: z.uuid(),
  route,
  encf: encfSchema,
  xml: signedXmlSchema,
}) satisfies z.ZodType<DgiiSendItem>;

const resultItemSchema = z.strictObject({
  documentId: z.uuid(),
  encf: encfSchema,
  trackId: z.string().min(1).max(200),
}) satisfies z.ZodType<DgiiResultItem>;

const findItemSchema = z.strictObject({
  documentId: z.uuid(),
  route,
  encf: encfSchema,
  codigoSeguridad: z.string().max(20),
  buyerRnc: z.string().max(20).nullable(),
}) satisfies z.ZodType<DgiiFindItem>;

export const dgiiSendRequestSchema = callOf(sendItemSchema).extend({
  notAfter: z.number().int().positive().optional(),
});
export const dgiiResultsRequestSchema = callOf(resultItemSchema);
export const dgiiFindRequestSchema = callOf(findItemSchema);

/** One result by query string: the party's and the item's members side by side. */
export const dgiiResultQuerySchema = z.strictObject({
  ...partySchema.shape,
  ...resultItemSchema.shape,
});

export const dgiiTokenRequestSchema = z.strictObject({ party: partySchema });
const verdictSchema = z.object({
  codigo: z.string(),
  estado: z.string(),
  status: z.enum(['ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED']),
  mensajes: z.array(messageSchema),
  secuenciaUtilizada: z.boolean().nullable(),
  fechaRecepcion: z.string().nullable(),
});

const verdictOutcome = z.object({ kind: z.literal('verdict'), verdict: verdictSchema });

const sendOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('received'), trackId: z.string().min(1) }),
  verdictOutcome,
  refusedOutcome,
  z.object({ kind: z.literal('unknown'), reason: z.string() }),
  unavailableOutcome,
]) satisfies z.ZodType<DgiiSendOutcome>;

const resultOutcomeSchema = z.discriminatedUnion('kind', [
  verdictOutcome,
  z.object({
    kind: z.literal('pending'),
    estado: z.string(),
    // A service of the release before does not tell it.
    known: z.boolean().default(true),
  }),
  z.object({ kind: z.literal('foreign'), rnc: z.string(), encf: z.string() }),
  unavailableOutcome,
]) satisfies z.ZodType<DgiiResultOutcome>;

const findOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tracked'),
    trackIds: z.array(
      z.object({
        trackId: z.string().min(1),
        estado: z.string(),
        // A service of the release before does not tell it.
        receivedAt: z.iso.datetime().nullable().default(null),
      }),
    ),
  }),
  verdictOutcome,
  z.object({ kind: z.literal('none') }),
  unsupportedOutcome,
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

export type DgiiSendRequest = z.infer<typeof dgiiSendRequestSchema>;
export type DgiiResultsRequest = z.infer<typeof dgiiResultsRequestSchema>;
export type DgiiResultQuery = z.infer<typeof dgiiResultQuerySchema>;
export type DgiiTokenRequest = z.infer<typeof dgiiTokenRequestSchema>;
export type DgiiFindRequest = z.infer<typeof dgiiFindRequestSchema>;
export type DgiiTokenResponse = z.infer<typeof dgiiTokenResponseSchema>;

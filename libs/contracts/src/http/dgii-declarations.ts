import { z } from 'zod';
import type {
  DgiiApprovalItem,
  DgiiDeclarationOutcome,
  DgiiVoidItem,
} from '../ports/dgii-declarations.js';
import {
  callOf,
  encfSchema,
  messageSchema,
  refusedOutcome,
  signedXmlSchema,
  unavailableOutcome,
  unsupportedOutcome,
} from './dgii-parts.js';

const approvalItemSchema = z.strictObject({
  documentId: z.uuid(),
  encf: encfSchema,
  xml: signedXmlSchema,
}) satisfies z.ZodType<DgiiApprovalItem>;

const voidItemSchema = z.strictObject({
  documentId: z.uuid(),
  xml: signedXmlSchema,
}) satisfies z.ZodType<DgiiVoidItem>;

export const dgiiApprovalsRequestSchema = callOf(approvalItemSchema);
export const dgiiVoidsRequestSchema = callOf(voidItemSchema);

const declarationOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answered'),
    verdict: z.object({
      codigo: z.string(),
      estado: z.string().nullable(),
      status: z.enum(['ACCEPTED', 'REJECTED']),
      mensajes: z.array(messageSchema),
    }),
  }),
  refusedOutcome,
  z.object({ kind: z.literal('unknown'), reason: z.string(), raw: z.string().nullable() }),
  unsupportedOutcome,
  unavailableOutcome,
]) satisfies z.ZodType<DgiiDeclarationOutcome>;

/** Answer of the routes for approvals and for voids. */
export const dgiiDeclarationsResponseSchema = z.object({
  outcomes: z.array(declarationOutcomeSchema),
});

export type DgiiApprovalsRequest = z.infer<typeof dgiiApprovalsRequestSchema>;
export type DgiiVoidsRequest = z.infer<typeof dgiiVoidsRequestSchema>;

import { z } from 'zod';

/** Queue of billing's document stages. One job: one tenant, one stage, 1–64 ids; never documents. */
export const DOCUMENT_QUEUE = 'billing-documents';

export const documentJobSchema = z.strictObject({
  version: z.literal(1),
  tenantId: z.uuid(),
  documentIds: z.array(z.uuid()).min(1).max(64),
});
export type DocumentJob = z.infer<typeof documentJobSchema>;

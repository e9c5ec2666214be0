import { z } from 'zod';
import { MAX_PAGE } from './billing.js';

export const AUDIT_ROUTES = {
  logs: '/audit/logs',
  verify: '/audit/verify',
  checkpoints: '/audit/checkpoints',
  platformLogs: '/admin/audit/logs',
  platformVerify: '/admin/audit/verify',
  platformCheckpoints: '/admin/audit/checkpoints',
} as const;

/** Media type of an export: one JSON object a line. */
export const NDJSON = 'application/x-ndjson';

const MAX_TYPE = 80;
const MAX_ACTOR = 200;
/** Links and events looked at in one call; some hundred milliseconds of work. */
const MOST_VERIFIED = 10_000;
const HEX_512 = /^[0-9a-f]{128}$/;

const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const hash = z.string().regex(HEX_512).describe('SHA-512 en hexadecimal.');

export const listAuditQuerySchema = z.strictObject({
  type: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)*$/)
    .max(MAX_TYPE)
    .optional()
    .describe('Tipo exacto, o su comienzo: document incluye document.accepted.'),
  subjectId: z.uuid().optional().describe('Documento, persona o clave de que trata.'),
  actor: z.string().min(1).max(MAX_ACTOR).optional().describe('Quién actuó, tal como se muestra.'),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  after: seq
    .optional()
    .describe('Solo para application/x-ndjson: exporta las entradas que siguen a esta.'),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
  cursor: z.string().optional(),
});
export type ListAuditQuery = z.infer<typeof listAuditQuerySchema>;

export const auditEntrySchema = z
  .strictObject({
    seq: z.number().int(),
    id: z.uuid(),
    type: z.string(),
    subjectId: z.uuid().nullable(),
    actor: z.string(),
    occurredAt: z.iso.datetime(),
    payload: z.unknown(),
    hash,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryResource = z.infer<typeof auditEntrySchema>;

export const auditListSchema = z
  .strictObject({
    data: z.array(auditEntrySchema),
    nextCursor: z
      .string()
      .nullable()
      .describe('Una página puede venir incompleta o vacía y aun así tener continuación.'),
  })
  .meta({ id: 'AuditList' });
export type AuditList = z.infer<typeof auditListSchema>;

export const verifyAuditQuerySchema = z.strictObject({
  from: z.coerce.number().int().min(1).default(1).describe('Primera secuencia.'),
  to: z.coerce.number().int().min(1).optional().describe('Última secuencia; por defecto, todas.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_VERIFIED)
    .default(MOST_VERIFIED)
    .describe('Entradas que se revisan en una llamada.'),
  cursor: z.string().optional().describe('Continúa una verificación larga.'),
});
export type VerifyAuditQuery = z.infer<typeof verifyAuditQuerySchema>;

/** Why an entry does not fit. */
export const AUDIT_FAULTS = [
  'missing',
  'order',
  'event_missing',
  'changed',
  'unchained',
  'checkpoint',
] as const;
export type AuditFault = (typeof AUDIT_FAULTS)[number];

export const auditVerificationSchema = z
  .strictObject({
    ok: z.boolean(),
    complete: z.boolean().describe('false: siga con nextCursor.'),
    from: z.number().int(),
    to: z.number().int().describe('Última secuencia revisada; 0 si no hay ninguna.'),
    head: z.number().int().describe('Última secuencia de la cadena.'),
    archived: z
      .number()
      .int()
      .describe('Entradas cuyo mes se archivó: solo se revisó su enlace, no su contenido.'),
    firstBad: z
      .strictObject({
        seq: z.number().int().nullable(),
        eventId: z.uuid().nullable(),
        reason: z.enum(AUDIT_FAULTS),
      })
      .nullable(),
    events: z
      .strictObject({
        checked: z.number().int(),
        pending: z.number().int().describe('Eventos recientes que aún no están en la cadena.'),
      })
      .describe('Revisión inversa: que cada evento esté en la cadena.'),
    checkpoint: z
      .strictObject({ number: z.number().int(), seq: z.number().int() })
      .nullable()
      .describe('Último punto de control con el que se comparó.'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof auditVerificationSchema>;

export const listCheckpointsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
  cursor: z.string().optional(),
});
export type ListCheckpointsQuery = z.infer<typeof listCheckpointsQuerySchema>;

/** What a tenant is told: its own chain's end, never another's. */
export const checkpointSchema = z
  .strictObject({
    number: z.number().int(),
    at: z.iso.datetime(),
    seq: z.number().int().describe('Última secuencia de su cadena en ese momento.'),
    hash,
    bodySha512: hash.describe('SHA-512 del texto firmado.'),
  })
  .meta({ id: 'AuditCheckpoint' });
export const checkpointListSchema = z
  .strictObject({ data: z.array(checkpointSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditCheckpointList' });
export type CheckpointList = z.infer<typeof checkpointListSchema>;

/** As it is in the write-once store. */
export const signedCheckpointSchema = z
  .strictObject({
    number: z.number().int(),
    at: z.iso.datetime(),
    full: z.boolean(),
    body: z.string().describe('JSON canónico: lo que se firmó.'),
    signature: z.string().describe('Ed25519 en base64.'),
  })
  .meta({ id: 'AuditSignedCheckpoint' });
export const signedCheckpointListSchema = z
  .strictObject({ data: z.array(signedCheckpointSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditSignedCheckpointList' });
export type SignedCheckpointList = z.infer<typeof signedCheckpointListSchema>;

/** An event another service tells; its id makes it one however often it is told. */
export const appendAuditSchema = z
  .strictObject({
    id: z.uuidv7(),
    type: z
      .string()
      .regex(/^[a-z_]+(\.[a-z_]+)+$/)
      .max(MAX_TYPE),
    subjectId: z.uuid().nullable().default(null),
    actor: z.string().min(1).max(MAX_ACTOR),
    payload: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: 'AppendAudit' });
export type AppendAudit = z.infer<typeof appendAuditSchema>;

export const appendedAuditSchema = z
  .strictObject({ id: z.uuid(), created: z.boolean() })
  .meta({ id: 'AppendedAudit' });
export type AppendedAudit = z.infer<typeof appendedAuditSchema>;

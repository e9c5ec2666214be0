import { requestSchema } from '@getupnet/ecf';
import { z } from 'zod';
import { DOCUMENT_STATES } from '../document-state.js';

/** The ten e-CF types, as text, the way DGII writes them. */
export const TIPOS_ECF = ['31', '32', '33', '34', '41', '43', '44', '45', '46', '47'] as const;
export type TipoEcfCode = (typeof TIPOS_ECF)[number];

/** A caller's own text: what PostgreSQL and JSON cannot carry (control characters) is refused. */
export const ownText = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'No admite caracteres de control.' });

/**
 * Envelope of an emission. The tree inside `ECF` is DGII's own and is checked by the e-CF library's
 * compiled validator, not here.
 */
export const emitRequestSchema = z
  .strictObject({
    ECF: z.record(z.string(), z.unknown()).meta({
      ...requestSchema(),
      id: 'Ecf',
      description: 'Árbol oficial del e-CF, con los nombres del XSD; casi todo se puede omitir.',
    }),
    externalRef: ownText(64)
      .optional()
      .describe('Referencia propia del documento, única por empresa y ambiente.'),
    branch: ownText(20).optional().describe('Sucursal que emite.'),
    corrects: z
      .uuid()
      .optional()
      .describe('Documento rechazado cuyo e-NCF la DGII liberó: este lo toma.'),
  })
  .meta({ id: 'EmitRequest' });
export type EmitRequest = z.infer<typeof emitRequestSchema>;

export const emitQuerySchema = z.strictObject({
  dryRun: z.enum(['true', 'false']).default('false'),
});

export const dgiiMessageSchema = z.strictObject({ codigo: z.string(), valor: z.string() });

export const findingSchema = z
  .strictObject({
    code: z.string(),
    path: z.string(),
    severity: z.enum(['error', 'warning', 'info']),
    message: z.string(),
    fix: z.string(),
    /** Why it usually happens, and where the rule stands; left out of what is kept with a document. */
    cause: z.string().optional(),
    source: z.string().optional(),
  })
  .meta({ id: 'Finding' });
export type FindingResource = z.infer<typeof findingSchema>;

export const documentResourceSchema = z
  .strictObject({
    id: z.uuid(),
    encf: z.string(),
    tipo: z.enum(TIPOS_ECF),
    state: z.enum(DOCUMENT_STATES),
    dgii: z.strictObject({
      codigo: z.string().nullable(),
      estado: z.string().nullable(),
      mensajes: z.array(dgiiMessageSchema),
      trackId: z.string().nullable(),
      secuenciaUtilizada: z.boolean().nullable(),
    }),
    codigoSeguridad: z.string().nullable(),
    fechaHoraFirma: z.string(),
    montoTotal: z.string(),
    qrUrl: z.string().nullable(),
    findings: z.array(findingSchema),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    links: z.strictObject({
      self: z.string(),
      xml: z.string(),
      ri: z
        .string()
        .describe('Representación impresa; existe desde que el documento está firmado.'),
      timeline: z.string(),
    }),
  })
  .meta({ id: 'Document' });
export type DocumentResource = z.infer<typeof documentResourceSchema>;

export const dryRunResourceSchema = z
  .strictObject({
    valid: z.boolean(),
    findings: z.array(findingSchema),
    ecf: z.record(z.string(), z.unknown()).nullable(),
    xml: z.string().nullable(),
  })
  .meta({ id: 'DryRun' });
export type DryRunResource = z.infer<typeof dryRunResourceSchema>;

/** Largest page of any list. */
export const MAX_PAGE = 200;

export const listDocumentsQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
  state: z.enum(DOCUMENT_STATES).optional(),
  tipo: z.enum(TIPOS_ECF).optional(),
  encf: z
    .string()
    .regex(/^E\d{12}$/, 'e-NCF: E, tipo y diez dígitos')
    .optional(),
  externalRef: ownText(64).optional(),
});
export type ListDocumentsQuery = z.infer<typeof listDocumentsQuerySchema>;

export const documentListSchema = z
  .strictObject({ data: z.array(documentResourceSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'DocumentList' });
export type DocumentList = z.infer<typeof documentListSchema>;

export const timelineSchema = z
  .strictObject({
    data: z.array(
      z.strictObject({
        at: z.iso.datetime(),
        type: z.string(),
        actor: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'Timeline' });
export type Timeline = z.infer<typeof timelineSchema>;

export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

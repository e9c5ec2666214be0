import { z } from 'zod';
import { DOCUMENT_STATES } from '../document-state.js';
import { ENVIRONMENTS } from '../environment.js';
import { TIPOS_ECF, ownText, pageQuerySchema } from './billing.js';

/** Why a taxpayer issued without DGII: no link to it, or no e-CF at all (paper of series B). */
export const CONTINGENCY_KINDS = ['NO_CONNECTION', 'CANNOT_ISSUE'] as const;
export type ContingencyKind = (typeof CONTINGENCY_KINDS)[number];

export const CONTINGENCY_SCOPES = ['TOTAL', 'PARTIAL'] as const;
export type ContingencyScope = (typeof CONTINGENCY_SCOPES)[number];

/** Paper numbers of one capture. */
export const MAX_PAPER = 500;
const MAX_BRANCHES = 100;
const MAX_CAUSE = 500;

const branch = ownText(20);

export const openContingencySchema = z
  .strictObject({
    cause: ownText(MAX_CAUSE).describe('Qué impide emitir e-CF; consta en el aviso a la DGII.'),
    branches: z
      .array(branch)
      .max(MAX_BRANCHES)
      .refine((names) => new Set(names).size === names.length, {
        error: 'Una sucursal está repetida: nómbrela una sola vez.',
      })
      .default([])
      .describe('Sucursales afectadas (contingencia parcial); vacío: toda la empresa.'),
    begunAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Desde cuándo; ahora, si se omite.'),
  })
  .meta({ id: 'OpenContingency' });
export type OpenContingency = z.infer<typeof openContingencySchema>;

export const closeContingencySchema = z
  .strictObject({
    endedAt: z.iso.datetime({ offset: true }).optional().describe('Ahora, si se omite.'),
  })
  .meta({ id: 'CloseContingency' });
export type CloseContingency = z.infer<typeof closeContingencySchema>;

export const contingencyNotifiedSchema = z
  .strictObject({
    reference: ownText(60).optional().describe('Número o referencia que dio la DGII.'),
    at: z.iso.datetime({ offset: true }).optional().describe('Ahora, si se omite.'),
  })
  .meta({ id: 'ContingencyNotified' });
export type ContingencyNotified = z.infer<typeof contingencyNotifiedSchema>;

const count = z.number().int();

export const contingencyResourceSchema = z
  .strictObject({
    id: z.uuid(),
    environment: z.enum(ENVIRONMENTS),
    kind: z
      .enum(CONTINGENCY_KINDS)
      .describe('NO_CONNECTION: se emite y se envía después. CANNOT_ISSUE: se usó papel serie B.'),
    scope: z.enum(CONTINGENCY_SCOPES),
    branches: z.array(z.string()),
    cause: z.string(),
    begunAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    documents: z
      .strictObject({
        issued: count.describe('Emitidos en esta contingencia.'),
        waiting: count.describe('Sin enviar todavía.'),
        unanswered: count.describe('Enviados sin respuesta: se le pregunta a la DGII.'),
        received: count.describe('Que la DGII tiene, con su veredicto o sin él.'),
        accepted: count,
        rejected: count,
        sendBy: z.iso
          .datetime()
          .nullable()
          .describe('Cuándo vence el plazo del primero que la DGII no tiene.'),
      })
      .describe('e-CF emitidos sin conexión.'),
    paper: z
      .strictObject({ captured: count, pending: count, inProgress: count, replaced: count })
      .describe('Comprobantes de papel, serie B.'),
    notified: z
      .strictObject({ at: z.iso.datetime(), reference: z.string().nullable() })
      .nullable()
      .describe('Cuándo se avisó a la DGII; null si no consta.'),
    createdAt: z.iso.datetime(),
    links: z.strictObject({ self: z.string(), notice: z.string(), paper: z.string() }),
  })
  .meta({ id: 'Contingency' });
export type ContingencyResource = z.infer<typeof contingencyResourceSchema>;

export const listContingenciesQuerySchema = pageQuerySchema.extend({
  kind: z.enum(CONTINGENCY_KINDS).optional(),
  open: z.enum(['true', 'false']).optional().describe('Solo las abiertas, o solo las cerradas.'),
});
export type ListContingenciesQuery = z.infer<typeof listContingenciesQuerySchema>;

export const contingencyListSchema = z
  .strictObject({ data: z.array(contingencyResourceSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'ContingencyList' });
export type ContingencyList = z.infer<typeof contingencyListSchema>;

/** Paper type (two digits after the B) → the e-CF that replaces it (Formato e-CF V1.0, p. 58). */
export const PAPER_TIPOS = {
  '01': '31',
  '02': '32',
  '03': '33',
  '04': '34',
  '11': '41',
  '13': '43',
  '14': '44',
  '15': '45',
  '16': '46',
  '17': '47',
} as const satisfies Readonly<Record<string, (typeof TIPOS_ECF)[number]>>;

const paperNcf = z.string().regex(/^B(01|02|03|04|11|13|14|15|16|17)\d{8}$/, {
  error: 'NCF de papel: B, tipo (01, 02, 03, 04, 11, 13, 14, 15, 16 o 17) y ocho dígitos.',
});
const amount = z.string().regex(/^\d{1,18}(\.\d{1,2})?$/, {
  error: 'Monto con dos decimales como máximo, por ejemplo 1180.00.',
});

export const paperSchema = z
  .strictObject({
    ncf: paperNcf.describe('Número del comprobante de papel.'),
    fechaEmision: z.iso.date().describe('Fecha en que se entregó (yyyy-MM-dd).'),
    buyerRnc: z
      .string()
      .regex(/^(\d{9}|\d{11})$/, { error: 'RNC de 9 dígitos o cédula de 11.' })
      .nullable()
      .default(null),
    buyerName: ownText(150).nullable().default(null),
    montoTotal: amount,
    totalItbis: amount.nullable().default(null),
    branch: branch.nullable().default(null),
  })
  .meta({ id: 'Paper' });
export type Paper = z.infer<typeof paperSchema>;

export const capturePaperSchema = z
  .strictObject({ papers: z.array(paperSchema).min(1).max(MAX_PAPER) })
  .meta({ id: 'CapturePaper' });
export type CapturePaper = z.infer<typeof capturePaperSchema>;

export const PAPER_STATES = ['PENDING', 'IN_PROGRESS', 'REPLACED'] as const;
export type PaperState = (typeof PAPER_STATES)[number];

export const paperResourceSchema = z
  .strictObject({
    id: z.uuid(),
    contingencyId: z
      .uuid()
      .nullable()
      .describe('null: se supo de él por el e-CF que lo reemplaza.'),
    environment: z.enum(ENVIRONMENTS),
    ncf: z.string(),
    tipo: z.enum(TIPOS_ECF).describe('Tipo del e-CF que lo reemplaza.'),
    fechaEmision: z.string().nullable(),
    buyerRnc: z.string().nullable(),
    buyerName: z.string().nullable(),
    montoTotal: z.string().nullable(),
    totalItbis: z.string().nullable(),
    branch: z.string().nullable(),
    state: z
      .enum(PAPER_STATES)
      .describe('REPLACED: la DGII aceptó el e-CF que lo reemplaza; IN_PROGRESS: aún no contesta.'),
    replacedBy: z
      .strictObject({ id: z.uuid(), encf: z.string(), state: z.enum(DOCUMENT_STATES) })
      .nullable(),
    reference: z
      .strictObject({
        NCFModificado: z.string(),
        FechaNCFModificado: z.string().optional(),
        CodigoModificacion: z.literal('4'),
      })
      .describe('InformacionReferencia del e-CF que lo reemplaza, tal como va en el documento.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'PaperDocument' });
export type PaperResource = z.infer<typeof paperResourceSchema>;

export const listPaperQuerySchema = pageQuerySchema.extend({
  contingencyId: z.uuid().optional(),
  state: z.enum(PAPER_STATES).optional(),
});
export type ListPaperQuery = z.infer<typeof listPaperQuerySchema>;

export const paperListSchema = z
  .strictObject({ data: z.array(paperResourceSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'PaperList' });
export type PaperList = z.infer<typeof paperListSchema>;

export const capturedPaperSchema = z
  .strictObject({ data: z.array(paperResourceSchema) })
  .meta({ id: 'CapturedPaper' });
export type CapturedPaper = z.infer<typeof capturedPaperSchema>;

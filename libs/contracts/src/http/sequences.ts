import { z } from 'zod';
import { ENVIRONMENTS } from '../environment.js';
import { TIPOS_ECF, ownText, pageQuerySchema } from './billing.js';

/** A number inside a sequence, without `E` and type. */
export const numberInSequence = z.coerce.number().int().min(1).max(9_999_999_999);

const branch = ownText(20);

export const addSequenceSchema = z
  .strictObject({
    tipo: z.enum(TIPOS_ECF),
    first: numberInSequence.describe('Primer número autorizado (sin «E» ni tipo).'),
    last: numberInSequence.describe('Último número autorizado.'),
    expiresOn: z.iso
      .date()
      .nullable()
      .default(null)
      .describe('Vencimiento autorizado (yyyy-MM-dd); sin él para los tipos 32 y 34.'),
    branch: branch
      .nullable()
      .default(null)
      .describe('Sucursal que toma de este rango; sin ella, el rango es de todas.'),
  })
  .refine((range) => range.first <= range.last, {
    path: ['last'],
    message: 'El último número no puede ser menor que el primero.',
  })
  .refine((range) => (range.tipo === '32' || range.tipo === '34') === (range.expiresOn === null), {
    path: ['expiresOn'],
    message: 'Los tipos 32 y 34 no llevan vencimiento; los demás lo exigen.',
  })
  .meta({ id: 'AddSequence' });
export type AddSequence = z.infer<typeof addSequenceSchema>;

export const changeSequenceSchema = z
  .strictObject({
    branch: branch.nullable().describe('Sucursal que toma de este rango; null lo hace de todas.'),
  })
  .meta({ id: 'ChangeSequence' });
export type ChangeSequence = z.infer<typeof changeSequenceSchema>;

export const splitSequenceSchema = z
  .strictObject({
    branch: branch.nullable().describe('Sucursal del rango nuevo; null lo hace de todas.'),
    count: numberInSequence.describe('Cuántos números se separan, del final del rango.'),
  })
  .meta({ id: 'SplitSequence' });
export type SplitSequence = z.infer<typeof splitSequenceSchema>;

export const sequenceResourceSchema = z
  .strictObject({
    id: z.uuid(),
    tipo: z.enum(TIPOS_ECF),
    environment: z.enum(ENVIRONMENTS),
    branch: z.string().nullable().describe('Sucursal del rango; null si es de todas.'),
    first: z.string(),
    last: z.string(),
    next: z.string().nullable().describe('Próximo número, o null si el rango se agotó.'),
    remaining: z.string(),
    expiresOn: z.string().nullable(),
    splitFrom: z.uuid().nullable().describe('Rango del que se separó.'),
    voidId: z.uuid().nullable().describe('Anulación que retiró estos números.'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Sequence' });
export type SequenceResource = z.infer<typeof sequenceResourceSchema>;

export const sequenceListSchema = z
  .strictObject({ data: z.array(sequenceResourceSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'SequenceList' });

export const sequenceSplitSchema = z
  .strictObject({ from: sequenceResourceSchema, to: sequenceResourceSchema })
  .meta({ id: 'SequenceSplit' });
export type SequenceSplit = z.infer<typeof sequenceSplitSchema>;

/** How numbers of one type stand: of everybody, or of one branch. */
export const FORECAST_STATUSES = ['OK', 'LOW', 'EXPIRING', 'USED_UP'] as const;
export type ForecastStatus = (typeof FORECAST_STATUSES)[number];

export const forecastSchema = z
  .strictObject({
    tipo: z.enum(TIPOS_ECF),
    branch: z.string().nullable(),
    status: z
      .enum(FORECAST_STATUSES)
      .describe('LOW: queda el 10 % o menos. EXPIRING: un rango con números vence pronto.'),
    authorised: z.string().describe('Números de los rangos vigentes con números.'),
    remaining: z.string().describe('Los que quedan de esos.'),
    perDay7: z.number().describe('Números usados al día en los últimos siete.'),
    perDay30: z.number().describe('Números usados al día en los últimos treinta.'),
    daysLeft: z
      .number()
      .nullable()
      .describe(
        'Días hasta agotarse o vencer al mayor de los dos ritmos; null sin uso ni vencimiento.',
      ),
    exhaustsOn: z.iso
      .date()
      .nullable()
      .describe('Día en que no quedará ninguno, por uso o vencimiento.'),
    expiresOn: z.iso.date().nullable().describe('Vencimiento más próximo de un rango con números.'),
    lapsing: z.string().describe('Números que vencerán sin usarse al ritmo actual.'),
    advice: z.string().nullable(),
  })
  .meta({ id: 'SequenceForecast' });
export type SequenceForecast = z.infer<typeof forecastSchema>;

export const forecastListSchema = z
  .strictObject({ data: z.array(forecastSchema), at: z.iso.datetime() })
  .meta({ id: 'SequenceForecastList' });
export type SequenceForecastList = z.infer<typeof forecastListSchema>;

export const listGapsQuerySchema = pageQuerySchema.extend({ tipo: z.enum(TIPOS_ECF).optional() });
export type ListGapsQuery = z.infer<typeof listGapsQuerySchema>;

/** Why a number below the next one has no living document. */
export const GAP_KINDS = ['FREED', 'VOIDED_DOCUMENT', 'UNCLEAR', 'NEVER_ISSUED'] as const;
export type GapKind = (typeof GAP_KINDS)[number];

export const gapSchema = z
  .strictObject({
    tipo: z.enum(TIPOS_ECF),
    first: z.string().describe('Primer e-NCF del hueco.'),
    last: z.string().describe('Último e-NCF del hueco.'),
    count: z.string(),
    kind: z
      .enum(GAP_KINDS)
      .describe(
        'FREED: la DGII lo rechazó sin usar el número. VOIDED_DOCUMENT: su documento no llegó a ' +
          'enviarse. UNCLEAR: rechazado sin que la DGII dijera si lo usó. NEVER_ISSUED: nunca se asignó.',
      ),
    documentId: z.uuid().nullable().describe('El documento que lo tuvo, para «corrects».'),
    expiresOn: z.iso.date().nullable().describe('Vencimiento de su rango.'),
    advice: z.string(),
  })
  .meta({ id: 'SequenceGap' });
export type SequenceGap = z.infer<typeof gapSchema>;

export const gapListSchema = z
  .strictObject({
    data: z.array(gapSchema),
    nextCursor: z
      .string()
      .nullable()
      .describe('Cada página revisa una parte: puede venir vacía y no ser la última.'),
  })
  .meta({ id: 'SequenceGapList' });
export type SequenceGapList = z.infer<typeof gapListSchema>;

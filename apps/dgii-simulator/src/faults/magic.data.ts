import type { Refusal } from '@getupnet/ecf';
import { APPROVAL_TEXTS } from '../judge/approval-judge.js';
import type { Verdict } from '../state/verdict.js';

/** What a magic value does to a document that is in order otherwise. */
export interface Magic {
  readonly verdict?: Verdict;
  /** Result queries that answer En Proceso first. */
  readonly polls?: number;
  /** Queries, of any kind, that do not find the document first. */
  readonly lateQueries?: number;
  /** It is received and judged, and the connection closed instead of an answer. */
  readonly answerLost?: boolean;
}

const FORCED = 'Resultado forzado por el valor de prueba del simulador.';
const MESSAGE = [{ codigo: '0', valor: FORCED }];

const rejected = (secuenciaUtilizada: boolean): Magic => ({
  verdict: { codigo: '2', mensajes: MESSAGE, secuenciaUtilizada },
});
const conditional: Magic = {
  verdict: { codigo: '4', mensajes: MESSAGE, secuenciaUtilizada: true },
};

interface MagicReception {
  /** An RNC that no taxpayer has; its check digit is right. */
  readonly buyer: string;
  /** For types without a buyer: a total that nobody meets by chance. */
  readonly amount: string;
  readonly magic: Magic;
}

/** Reception of e-CF and RFCE. */
export const MAGIC_RECEPTIONS: readonly MagicReception[] = [
  { buyer: '999000012', amount: '222002.21', magic: rejected(true) },
  { buyer: '999000022', amount: '222002.22', magic: rejected(false) },
  { buyer: '999000039', amount: '222004.44', magic: conditional },
  { buyer: '999000047', amount: '222003.33', magic: { polls: 5 } },
  { buyer: '999000055', amount: '222000.05', magic: { lateQueries: 3 } },
  { buyer: '999000071', amount: '222009.99', magic: { answerLost: true } },
];

export const MAGIC_BUYERS: Readonly<Record<string, Magic>> = Object.fromEntries(
  MAGIC_RECEPTIONS.map(({ buyer, magic }) => [buyer, magic]),
);
export const MAGIC_AMOUNTS: Readonly<Record<string, Magic>> = Object.fromEntries(
  MAGIC_RECEPTIONS.map(({ amount, magic }) => [amount, magic]),
);

interface MagicReceipt {
  readonly buyer: string;
  readonly amount: string;
  /** Why the emisor-receptor does not receive it; its code is the motive of the ARECF. */
  readonly refusal: Refusal;
}

/** Reception of an e-CF by the emisor-receptor: ARECF with Estado 1. */
export const MAGIC_RECEIPTS: readonly MagicReceipt[] = [
  { buyer: '999000081', amount: '222021.01', refusal: 'specification' },
  { buyer: '999000098', amount: '222021.02', refusal: 'signature' },
  { buyer: '999000101', amount: '222021.03', refusal: 'duplicate' },
  { buyer: '999000111', amount: '222021.04', refusal: 'wrongBuyer' },
];

const NOT_DELEGATED = 'El RNC del certificado no está delegado.';
const SIGNATURE = 'La firma del documento no es válida.';

/** Commercial approvals of an e-CF with this total: refused (codigo 2) with this message. */
export const MAGIC_APPROVALS: Readonly<Record<string, string>> = {
  '222011.01': APPROVAL_TEXTS.file,
  '222011.02': APPROVAL_TEXTS.notXml,
  '222011.03': APPROVAL_TEXTS.structure,
  '222011.04': SIGNATURE,
  '222011.05': NOT_DELEGATED,
  '222011.06': APPROVAL_TEXTS.notFound,
  '222011.07': APPROVAL_TEXTS.notForType,
  '222011.08': APPROVAL_TEXTS.notForDocument,
  '222011.09': APPROVAL_TEXTS.notValid,
  '222011.10': APPROVAL_TEXTS.retry,
};

/** Voids whose first range begins with this number: refused (codigo 2) with this message. */
export const MAGIC_VOIDS: Readonly<Record<string, string>> = {
  '9999991': 'El archivo no es un XML de anulación.',
  '9999992': SIGNATURE,
  '9999993': 'El tipo de e-CF de la secuencia no es válido.',
  '9999994': 'La secuencia desde es mayor que la secuencia hasta.',
  '9999995': 'Las secuencias ya fueron utilizadas.',
  '9999996': 'NoLinea no es secuencial.',
  '9999997': 'No se pudieron anular estas secuencias.',
  '9999998': NOT_DELEGATED,
};

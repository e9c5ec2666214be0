import { dominicanDateTime } from '@getupnet/kernel';
import type { TipoEcf } from '../catalogue/formats.js';
import { amountText } from '../money.js';
import type {
  AcecfDocument,
  AnecfAnulacion,
  AnecfDocument,
  ArecfDocument,
  EcfDocument,
} from '../model/index.js';

/** Why a document was not received (Formato Acuse de Recibo). */
export const REFUSALS = {
  specification: '1',
  signature: '2',
  duplicate: '3',
  wrongBuyer: '4',
} as const;
export type Refusal = keyof typeof REFUSALS;

export interface ArecfInput {
  readonly rncEmisor: string;
  /** The receiver: us. */
  readonly rncComprador: string;
  readonly encf: string;
  /** Absent: received. */
  readonly refusal?: Refusal;
  readonly now: Date;
}

/** Receipt of a document from another taxpayer. */
export function arecf(input: ArecfInput): ArecfDocument {
  const { refusal } = input;
  return {
    DetalleAcusedeRecibo: {
      Version: '1.0',
      RNCEmisor: input.rncEmisor,
      RNCComprador: input.rncComprador,
      eNCF: input.encf,
      Estado: refusal === undefined ? '0' : '1',
      ...(refusal !== undefined && { CodigoMotivoNoRecibido: REFUSALS[refusal] }),
      FechaHoraAcuseRecibo: dominicanDateTime(input.now),
    },
  };
}

/** Commercial approval of a received document, or its refusal when a reason is given. */
export function acecf(received: EcfDocument, now: Date, reason?: string): AcecfDocument {
  const { IdDoc, Emisor, Comprador, Totales } = received.Encabezado;
  return {
    DetalleAprobacionComercial: {
      Version: '1.0',
      RNCEmisor: Emisor.RNCEmisor,
      eNCF: IdDoc.eNCF,
      FechaEmision: Emisor.FechaEmision,
      MontoTotal: amountText(Totales.MontoTotal),
      RNCComprador: Comprador?.RNCComprador ?? '',
      Estado: reason === undefined ? '1' : '2',
      ...(reason !== undefined && { DetalleMotivoRechazo: reason }),
      FechaHoraAprobacionComercial: dominicanDateTime(now),
    },
  };
}

/** Unused numbers of one type, first and last. */
export interface VoidRange {
  readonly tipo: TipoEcf;
  readonly first: bigint;
  readonly last: bigint;
}

/** e-NCF of a number: E, type, ten digits. */
export const encfOf = (tipo: TipoEcf, number: bigint): string =>
  `E${tipo}${number.toString().padStart(10, '0')}`;

/** Voids ranges of unused numbers: one entry per type, counts added up (Formato Anulación). */
export function anecf(rncEmisor: string, ranges: readonly VoidRange[], now: Date): AnecfDocument {
  const byType = new Map<TipoEcf, VoidRange[]>();
  for (const range of ranges) {
    if (range.first < 1n || range.last < range.first) throw new RangeError('void range');
    byType.set(range.tipo, [...(byType.get(range.tipo) ?? []), range]);
  }
  const entries = [...byType].map(([tipo, own], index): AnecfAnulacion => ({
    NoLinea: String(index + 1),
    TipoeCF: tipo,
    TablaRangoSecuenciasAnuladaseNCF: {
      Secuencias: own.map(({ first, last }) => ({
        SecuenciaeNCFDesde: encfOf(tipo, first),
        SecuenciaeNCFHasta: encfOf(tipo, last),
      })),
    },
    CantidadeNCFAnulados: String(count(own)),
  }));
  return {
    Encabezado: {
      Version: '1.0',
      RncEmisor: rncEmisor,
      CantidadeNCFAnulados: String(count(ranges)),
      FechaHoraAnulacioneNCF: dominicanDateTime(now),
    },
    DetalleAnulacion: { Anulacion: entries },
  };
}

const count = (ranges: readonly VoidRange[]): bigint =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);

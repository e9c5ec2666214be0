import { serializeAcecf, type EcfDocument } from '@getupnet/ecf';
import { decimal, dominicanDate, dominicanDateTime } from '@getupnet/kernel';
import type { DocumentFacts } from '../state/verdict.js';

/** DGII as a taxpayer. */
export const DGII_RNC = '401506254';

const NOTES: ReadonlySet<string> = new Set(['33', '34']);
const PRICE = '1500.00';

export interface Sample {
  readonly tipo: string;
  readonly encf: string;
  readonly rncComprador: string;
  readonly fechaVencimientoSecuencia: string;
  /** What a note modifies. */
  readonly modified: { readonly encf: string; readonly fechaEmision: string };
  readonly now: Date;
}

/** A small e-CF of DGII for a receiver: one exempt line, which every exchanged type admits. */
export function sampleEcf(sample: Sample): EcfDocument {
  const { tipo, encf, now } = sample;
  const expiry = { FechaVencimientoSecuencia: sample.fechaVencimientoSecuencia };
  return {
    Encabezado: {
      Version: '1.0',
      IdDoc: {
        TipoeCF: tipo,
        eNCF: encf,
        ...(tipo === '34' ? { IndicadorNotaCredito: '0' } : expiry),
        TipoIngresos: '01',
        TipoPago: '1',
      },
      Emisor: {
        RNCEmisor: DGII_RNC,
        RazonSocialEmisor: 'DGII EMISOR RECEPTOR',
        DireccionEmisor: 'SANTO DOMINGO',
        FechaEmision: dominicanDate(now),
      },
      Comprador: { RNCComprador: sample.rncComprador, RazonSocialComprador: 'RECEPTOR DE PRUEBA' },
      Totales: { MontoExento: PRICE, MontoTotal: PRICE },
    },
    DetallesItems: {
      Item: [
        {
          NumeroLinea: '1',
          IndicadorFacturacion: '4',
          NombreItem: 'SERVICIO DE PRUEBA',
          IndicadorBienoServicio: '2',
          CantidadItem: '1',
          PrecioUnitarioItem: PRICE,
          MontoItem: PRICE,
        },
      ],
    },
    ...(NOTES.has(tipo)
      ? {
          InformacionReferencia: {
            NCFModificado: sample.modified.encf,
            FechaNCFModificado: sample.modified.fechaEmision,
            CodigoModificacion: '3',
          },
        }
      : {}),
    FechaHoraFirma: dominicanDateTime(now),
  };
}

/** Unsigned ACECF for a document that was received here. */
export function approvalOf(
  document: { readonly rnc: string; readonly encf: string; readonly facts: DocumentFacts },
  estado: string,
  now: Date,
): string {
  const { rnc, encf, facts } = document;
  return serializeAcecf({
    DetalleAprobacionComercial: {
      Version: '1.0',
      RNCEmisor: rnc,
      eNCF: encf,
      FechaEmision: facts.fechaEmision,
      MontoTotal: decimal(facts.montoTotal).toFixed(2),
      RNCComprador: facts.rncComprador ?? DGII_RNC,
      Estado: estado,
      ...(estado === '2' ? { DetalleMotivoRechazo: 'Rechazo de prueba' } : {}),
      FechaHoraAprobacionComercial: dominicanDateTime(now),
    },
  });
}

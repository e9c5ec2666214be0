import { money, amountText } from '../money.js';
import type {
  EcfDocument,
  EcfTotales,
  RfceComprador,
  RfceDocument,
  RfceImpuestoAdicional,
  RfceTotales,
} from '../model/index.js';

/** Consumption invoices below this amount go as a summary (Descripción Técnica v1.6, pp. 11-13). */
export const RFCE_LIMIT = '250000.00';
const LIMIT = money(RFCE_LIMIT) ?? 0n;

/** Whether an amount reaches the limit from which a type 32 goes in full. */
export function reachesRfceLimit(montoTotal: string | undefined): boolean {
  const total = money(montoTotal);
  return total !== undefined && total >= LIMIT;
}

/** Whether DGII gets the summary (RFCE) of this document instead of the document itself. */
export function isRfceRoute(document: EcfDocument): boolean {
  const { IdDoc, Totales } = document.Encabezado;
  return IdDoc.TipoeCF === '32' && !reachesRfceLimit(Totales.MontoTotal);
}

/** Amounts that a summary copies from the totals, in its order. */
const COPIED = [
  'MontoGravadoTotal',
  'MontoGravadoI1',
  'MontoGravadoI2',
  'MontoGravadoI3',
  'MontoExento',
  'TotalITBIS',
  'TotalITBIS1',
  'TotalITBIS2',
  'TotalITBIS3',
  'MontoImpuestoAdicional',
] as const;

const TAX_AMOUNTS = [
  'MontoImpuestoSelectivoConsumoEspecifico',
  'MontoImpuestoSelectivoConsumoAdvalorem',
  'OtrosImpuestosAdicionales',
] as const;

/**
 * The summary of a signed type 32 below the limit: its values, amounts rewritten with two decimals
 * because the RFCE schema takes none or exactly two (Formato RFCE, Jan 2020).
 */
export function toRfce(document: EcfDocument, codigoSeguridad: string): RfceDocument {
  const { IdDoc, Emisor, Comprador, Totales } = document.Encabezado;
  const payments = IdDoc.TablaFormasPago?.FormaDePago.map((payment) => ({
    FormaPago: payment.FormaPago,
    MontoPago: amountText(payment.MontoPago),
  }));
  return {
    Encabezado: {
      Version: '1.0',
      IdDoc: {
        TipoeCF: IdDoc.TipoeCF,
        eNCF: IdDoc.eNCF,
        TipoIngresos: IdDoc.TipoIngresos ?? '01',
        TipoPago: IdDoc.TipoPago ?? '1',
        ...(payments && { TablaFormasPago: { FormaDePago: payments } }),
      },
      Emisor: {
        RNCEmisor: Emisor.RNCEmisor,
        RazonSocialEmisor: Emisor.RazonSocialEmisor,
        FechaEmision: Emisor.FechaEmision,
      },
      Comprador: buyer(Comprador),
      Totales: totals(Totales),
      CodigoSeguridadeCF: codigoSeguridad,
    },
  };
}

/** The summary's schema wants the element even when nothing is known of the buyer. */
function buyer(stated: EcfDocument['Encabezado']['Comprador']): RfceComprador {
  const result: RfceComprador = {};
  if (stated?.RNCComprador !== undefined) result.RNCComprador = stated.RNCComprador;
  if (stated?.IdentificadorExtranjero !== undefined) {
    result.IdentificadorExtranjero = stated.IdentificadorExtranjero;
  }
  if (stated?.RazonSocialComprador !== undefined) {
    result.RazonSocialComprador = stated.RazonSocialComprador;
  }
  return result;
}

function totals(stated: EcfTotales): RfceTotales {
  const result: Partial<RfceTotales> = {};
  for (const name of COPIED) copyAmount(stated, result, name);
  const taxes = stated.ImpuestosAdicionales?.ImpuestoAdicional;
  if (taxes) {
    const entries = taxes.map((tax) => {
      const entry: RfceImpuestoAdicional = {};
      if (tax.TipoImpuesto !== undefined) entry.TipoImpuesto = tax.TipoImpuesto;
      for (const name of TAX_AMOUNTS) copyAmount(tax, entry, name);
      return entry;
    });
    result.ImpuestosAdicionales = { ImpuestoAdicional: entries };
  }
  const MontoTotal = amountText(stated.MontoTotal);
  const whole: RfceTotales = { ...result, MontoTotal };
  copyAmount(stated, whole, 'MontoNoFacturable');
  copyAmount(stated, whole, 'MontoPeriodo');
  return whole;
}

function copyAmount<Name extends string>(
  from: { readonly [N in Name]?: string },
  to: { [N in Name]?: string },
  name: Name,
): void {
  const value = from[name];
  if (value !== undefined) to[name] = amountText(value);
}

import { money, ZERO, type Money } from '../money.js';
import type { Draft, EcfDocument } from '../model/index.js';
import { computeAdditionalTaxes, taxField } from './additional-taxes.js';
import { isNorma1007, sumAdjustments } from './global-adjustments.js';
import { itbisOf, withoutItbis, type TaxedIndicator } from './itbis.js';
import { itemsOf, ratesOf } from './totals.js';

/** What one line contributes to the totals, before global discounts and surcharges; not rounded. */
export interface LineTaxes {
  /** IndicadorFacturacion. */
  readonly indicator: string;
  /** MontoItem without the ITBIS it may include. */
  readonly net: Money;
  readonly itbis: Money;
  readonly specificTax: Money;
  readonly adValoremTax: Money;
  /** Propina, CDT and the others of OtrosImpuestosAdicionales. */
  readonly otherTaxes: Money;
}

const isTaxed = (indicator: string): indicator is TaxedIndicator => /^[123]$/.test(indicator);

/**
 * Taxes of each line, in the order of the lines. The document states them in its totals only; the
 * printed representation shows them per line and per page (Informe Técnico e-CF v1.0, pp. 32-36).
 */
export function lineTaxes(document: Draft<EcfDocument>): readonly LineTaxes[] {
  const rows = document.DescuentosORecargos?.DescuentoORecargo;
  const terms = {
    included: document.Encabezado?.IdDoc?.IndicadorMontoGravado === '1',
    norma1007: rows?.some(isNorma1007) ?? false,
  };
  const items = itemsOf(document);
  const amounts = items.map((item) => money(item.MontoItem) ?? ZERO);
  const netLines: Record<string, Money> = {};
  const nets = items.map(({ IndicadorFacturacion = '' }, index) => {
    const net = withoutItbis(amounts[index] ?? ZERO, IndicadorFacturacion, terms);
    netLines[IndicadorFacturacion] = (netLines[IndicadorFacturacion] ?? ZERO) + net;
    return net;
  });
  const adjustments = sumAdjustments(rows, netLines);
  const statedRates = ratesOf(document);
  return items.map((item, index) => {
    const sums = {
      MontoImpuestoSelectivoConsumoEspecifico: ZERO,
      MontoImpuestoSelectivoConsumoAdvalorem: ZERO,
      OtrosImpuestosAdicionales: ZERO,
    };
    const indicator = item.IndicadorFacturacion ?? '';
    const net = nets[index] ?? ZERO;
    let selective = ZERO;
    if (item.TablaImpuestoAdicional) {
      const one = { items: [item], amounts: [amounts[index] ?? ZERO] };
      const context = { ...one, terms, adjustments, netLines, statedRates };
      const { byCode, inItbisBase } = computeAdditionalTaxes(context);
      for (const { tax, amount } of byCode.values()) sums[taxField(tax)] += amount;
      selective = inItbisBase[indicator] ?? ZERO;
    }
    return {
      indicator,
      net,
      itbis: isTaxed(indicator) ? itbisOf(indicator, net, selective) : ZERO,
      specificTax: sums.MontoImpuestoSelectivoConsumoEspecifico,
      adValoremTax: sums.MontoImpuestoSelectivoConsumoAdvalorem,
      otherTaxes: sums.OtrosImpuestosAdicionales,
    };
  });
}

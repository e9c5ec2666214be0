import { money, ZERO, type Money } from '../money.js';
import type { Draft, EcfDocument, EcfItem } from '../model/index.js';
import { computeAdditionalTaxes, type ComputedTax } from './additional-taxes.js';
import { isNorma1007, sumAdjustments } from './global-adjustments.js';
import { itbisOf, TAXED_INDICATORS, withoutItbis, type TaxedIndicator } from './itbis.js';

type Document = Draft<EcfDocument>;
type Item = Draft<EcfItem>;

export interface TaxedTotal {
  readonly amount: Money;
  readonly itbis: Money;
}

/** Totals of a document from its lines, none of them rounded. */
export interface Totals {
  /** By indicator; absent when no line has it. */
  readonly taxed: Partial<Readonly<Record<TaxedIndicator, TaxedTotal>>>;
  /** MontoExento; undefined when no line is exempt. */
  readonly exempt: Money | undefined;
  /** MontoNoFacturable; undefined when every line is billable. */
  readonly notBillable: Money | undefined;
  readonly taxedTotal: Money;
  readonly itbisTotal: Money;
  readonly taxes: readonly ComputedTax[];
  readonly taxesTotal: Money;
  readonly total: Money;
  readonly withheldItbis: Money | undefined;
  readonly withheldIsr: Money | undefined;
  /** Σ of discounts under Norma 10-07, which reduce ValorPagar. */
  readonly norma1007: Money;
  /** Net Σ of the lines of each indicator, before global adjustments. */
  readonly netLines: Readonly<Record<string, Money>>;
}

export const itemsOf = (document: Document): readonly Item[] => document.DetallesItems?.Item ?? [];

/**
 * Computes the totals (Formato e-CF V1.0, pp. 20-27):
 * MontoTotal = MontoGravadoTotal + MontoExento + TotalITBIS + MontoImpuestoAdicional.
 * Line amounts are taken as they stand; nothing is rounded here, because DGII rounds each total
 * once, at the end.
 */
export function computeTotals(document: Document): Totals {
  const items = itemsOf(document);
  const rows = document.DescuentosORecargos?.DescuentoORecargo;
  const terms = {
    included: document.Encabezado?.IdDoc?.IndicadorMontoGravado === '1',
    norma1007: rows?.some(isNorma1007) ?? false,
  };
  const amounts = items.map((item) => money(item.MontoItem) ?? ZERO);
  const sums = sumByIndicator(items, amounts);
  const netLines: Record<string, Money> = {};
  for (const indicator in sums) {
    netLines[indicator] = withoutItbis(sums[indicator] ?? ZERO, indicator, terms);
  }
  const adjustments = sumAdjustments(rows, netLines);
  const statedRates = ratesOf(document);
  const context = { items, amounts, terms, adjustments, netLines, statedRates };
  const { byCode, inItbisBase } = computeAdditionalTaxes(context);

  const adjusted = (indicator: string): Money | undefined => {
    const lines = netLines[indicator];
    if (lines === undefined) return undefined;
    const { discounts, surcharges } = adjustments;
    return lines - (discounts[indicator] ?? ZERO) + (surcharges[indicator] ?? ZERO);
  };
  const taxed: Partial<Record<TaxedIndicator, TaxedTotal>> = {};
  let taxedTotal = ZERO;
  let itbisTotal = ZERO;
  for (const indicator of TAXED_INDICATORS) {
    const amount = adjusted(indicator);
    if (amount === undefined) continue;
    const itbis = itbisOf(indicator, amount, inItbisBase[indicator] ?? ZERO);
    taxed[indicator] = { amount, itbis };
    taxedTotal += amount;
    itbisTotal += itbis;
  }
  const exempt = adjusted('4');
  const taxes = [...byCode.values()];
  const taxesTotal = taxes.reduce((sum, tax) => sum + tax.amount, ZERO);
  return {
    taxed,
    exempt,
    notBillable: netLines['0'],
    taxedTotal,
    itbisTotal,
    taxes,
    taxesTotal,
    total: taxedTotal + (exempt ?? ZERO) + itbisTotal + taxesTotal,
    ...withheld(items),
    norma1007: adjustments.norma1007,
    netLines,
  };
}

function sumByIndicator(items: readonly Item[], amounts: readonly Money[]): Record<string, Money> {
  const sums: Record<string, Money> = {};
  items.forEach((item, index) => {
    const indicator = item.IndicadorFacturacion;
    if (indicator !== undefined) {
      sums[indicator] = (sums[indicator] ?? ZERO) + (amounts[index] ?? ZERO);
    }
  });
  return sums;
}

const NO_RATES: ReadonlyMap<string, Money> = new Map();

/** Rates of additional taxes stated in the totals, by code. */
export function ratesOf(document: Document): ReadonlyMap<string, Money> {
  const stated = document.Encabezado?.Totales?.ImpuestosAdicionales?.ImpuestoAdicional;
  if (!stated) return NO_RATES;
  const rates = new Map<string, Money>();
  for (const { TipoImpuesto, TasaImpuestoAdicional } of stated) {
    const rate = money(TasaImpuestoAdicional);
    if (TipoImpuesto !== undefined && rate !== undefined) rates.set(TipoImpuesto, rate);
  }
  return rates;
}

/** Sums of what the lines say is withheld; amounts of lines are taken as declared. */
function withheld(items: readonly Item[]): Pick<Totals, 'withheldItbis' | 'withheldIsr'> {
  let withheldItbis: Money | undefined;
  let withheldIsr: Money | undefined;
  for (const { Retencion } of items) {
    if (!Retencion) continue;
    const itbis = money(Retencion.MontoITBISRetenido);
    if (itbis !== undefined) withheldItbis = (withheldItbis ?? ZERO) + itbis;
    const isr = money(Retencion.MontoISRRetenido);
    if (isr !== undefined) withheldIsr = (withheldIsr ?? ZERO) + isr;
  }
  return { withheldItbis, withheldIsr };
}

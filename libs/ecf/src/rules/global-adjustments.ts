import { money, moneyText, percentOf, round, ZERO, type Money } from '../money.js';
import type { Draft, EcfDescuentoORecargo } from '../model/index.js';
import { TAXED_INDICATORS } from './itbis.js';
import type { Totals } from './totals.js';

/**
 * Global discounts and surcharges: each row adjusts the lines of one IndicadorFacturacion, in net
 * amounts (Formato e-CF V1.0, pp. 49-50). Rows under Norma 10-07 leave the taxable base alone and
 * reduce ValorPagar instead (pp. 20, 27).
 */
export type Adjustment = Draft<EcfDescuentoORecargo>;

export const isNorma1007 = (row: Adjustment): boolean => row.IndicadorNorma1007 === '1';

/** Amount of a row: stated, or its percentage of the net lines it adjusts. */
export function adjustmentAmount(row: Adjustment, netLines: Money): Money {
  const stated = money(row.MontoDescuentooRecargo);
  if (stated !== undefined) return stated;
  const percent = money(row.ValorDescuentooRecargo);
  return row.TipoValor === '%' && percent !== undefined
    ? round(percentOf(netLines, percent))
    : ZERO;
}

/** What discounts take from and surcharges add to the lines of each indicator. */
export interface Adjustments {
  readonly discounts: Readonly<Record<string, Money>>;
  readonly surcharges: Readonly<Record<string, Money>>;
  /** Σ of discounts under Norma 10-07. */
  readonly norma1007: Money;
}

const NONE: Adjustments = { discounts: {}, surcharges: {}, norma1007: ZERO };

/** Sums the rows; `netLines` is the net sum of the lines of each indicator. */
export function sumAdjustments(
  rows: readonly Adjustment[] | undefined,
  netLines: Readonly<Record<string, Money>>,
): Adjustments {
  if (!rows || rows.length === 0) return NONE;
  const discounts: Record<string, Money> = {};
  const surcharges: Record<string, Money> = {};
  let norma1007 = ZERO;
  for (const row of rows) {
    const indicator = row.IndicadorFacturacionDescuentooRecargo ?? '';
    const amount = adjustmentAmount(row, netLines[indicator] ?? ZERO);
    if (isNorma1007(row)) norma1007 += amount;
    else if (row.TipoAjuste === 'D') discounts[indicator] = (discounts[indicator] ?? ZERO) + amount;
    else surcharges[indicator] = (surcharges[indicator] ?? ZERO) + amount;
  }
  return { discounts, surcharges, norma1007 };
}

/** Numbers the rows and writes the amounts that follow from percentages, in place. */
export function completeAdjustments(
  rows: readonly Adjustment[],
  netLines: Readonly<Record<string, Money>>,
): void {
  rows.forEach((row, index) => {
    row.NumeroLinea ??= String(index + 1);
    if (row.MontoDescuentooRecargo === undefined && row.TipoValor === '%') {
      const base = netLines[row.IndicadorFacturacionDescuentooRecargo ?? ''] ?? ZERO;
      row.MontoDescuentooRecargo = moneyText(adjustmentAmount(row, base));
    }
  });
}

/** Whether global discounts take more from some lines than they amount to. */
export function isOverDiscounted({ taxed, exempt }: Pick<Totals, 'taxed' | 'exempt'>): boolean {
  const groups = TAXED_INDICATORS.map((indicator) => taxed[indicator]?.amount);
  return [...groups, exempt].some((amount) => amount !== undefined && amount < ZERO);
}

import { over, percentOf, whole, ONE, ZERO, type Money } from '../money.js';

/**
 * ITBIS. A line says its rate by IndicadorFacturacion: 1 = 18 %, 2 = 16 %, 3 = 0 %, 4 = exempt,
 * 0 = not billable (Formato e-CF V1.0, p. 20).
 *
 *   taxed amount k = Σ MontoItem of the lines k (÷ 1.18 or 1.16 when their amounts include ITBIS)
 *                    − global discounts k + global surcharges k
 *   ITBIS k        = (taxed amount k + selective tax of the lines k) × rate k
 *
 * Items are divided first and global adjustments, which are net amounts, subtracted afterwards
 * (p. 20 c; DGII's certification documents agree).
 */
export const ITBIS_RATES = { '1': '18', '2': '16', '3': '0' } as const;
export type TaxedIndicator = keyof typeof ITBIS_RATES;
export const TAXED_INDICATORS = ['1', '2', '3'] as const;

const RATE: Readonly<Record<TaxedIndicator, Money>> = {
  '1': whole(18),
  '2': whole(16),
  '3': ZERO,
};
const INCLUDED: Readonly<Record<string, Money>> = {
  '1': ONE + (ONE * 18n) / 100n,
  '2': ONE + (ONE * 16n) / 100n,
};
/** 18 % ITBIS, 2 % CDT and 10 % ISC lie in a telecommunications price (Norma 10-07; p. 20). */
const NORMA_1007: Money = ONE + (ONE * 30n) / 100n;

export interface PriceTerms {
  /** IndicadorMontoGravado = 1: line amounts include ITBIS. */
  readonly included: boolean;
  /** A global discount under Norma 10-07 is among the adjustments. */
  readonly norma1007: boolean;
}

/** A line amount without the ITBIS it includes. */
export function withoutItbis(amount: Money, indicator: string, terms: PriceTerms): Money {
  if (!terms.included) return amount;
  if (terms.norma1007 && indicator === '1') return over(amount, NORMA_1007);
  const divisor = INCLUDED[indicator];
  return divisor === undefined ? amount : over(amount, divisor);
}

/** ITBIS of a taxed amount plus the selective tax of its lines, not rounded. */
export function itbisOf(indicator: TaxedIndicator, taxed: Money, selectiveTax: Money): Money {
  return percentOf(taxed + selectiveTax, RATE[indicator]);
}

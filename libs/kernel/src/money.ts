import { Decimal as Base } from 'decimal.js';

/** Exact decimals: DGII's amounts reach 20 digits, so a `number` is wrong from the 16th on. */
export const Decimal = Base.clone({ precision: 60, rounding: Base.ROUND_HALF_UP, toExpPos: 60 });
export type Decimal = Base;

export const ZERO: Decimal = new Decimal(0);

/** Exact value of a decimal text (or Decimal). Throws on anything that is not a finite decimal. */
export function decimal(value: string | number | Decimal): Decimal {
  const result = new Decimal(value);
  if (!result.isFinite()) throw new RangeError(`not a finite decimal: ${String(value)}`);
  return result;
}

/**
 * The one place where amounts are rounded: half-up on the third decimal
 * (Informe Técnico e-CF v1.0, p. 21). Negative amounts round away from zero likewise.
 */
export function roundMoney(value: Decimal, places = 2): Decimal {
  return value.toDecimalPlaces(places, Base.ROUND_HALF_UP);
}

/** Amount text with exactly `places` decimals, rounded as {@link roundMoney}. */
export function moneyText(value: Decimal, places = 2): string {
  return value.toFixed(places, Base.ROUND_HALF_UP);
}

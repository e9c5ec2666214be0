/**
 * Exact decimals for the rules: a BigInt counting units of 10⁻²⁴. Sums and products of e-CF values
 * (at most 4 + 2 + 2 + 3 + 2 decimals) are exact; only divisions leave a remainder, far below the
 * half cent that rounding looks at. A `number` would be wrong from the 16th digit on, and
 * decimal.js costs ten times as much on this path (see README, "Speed").
 */
export type Money = bigint;

const SCALE_DIGITS = 24;
const SCALE = 10n ** BigInt(SCALE_DIGITS);
/** Powers of ten, for the decimals of a text. */
const UNIT = Array.from({ length: SCALE_DIGITS + 1 }, (_, n) => 10n ** BigInt(SCALE_DIGITS - n));

export const ZERO: Money = 0n;
/** One hundredth: the finest amount of an e-CF. */
export const CENT: Money = SCALE / 100n;
export const ONE: Money = SCALE;

const NUMBER = /^([+-]?)(\d{1,20})(?:\.(\d{1,8}))?$/;

/** Value of a decimal text; undefined when it is not one. */
export function money(text: string | undefined): Money | undefined {
  if (text === undefined) return undefined;
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const decimals = match[3] ?? '';
  const value = BigInt(`${match[2] ?? ''}${decimals}`) * (UNIT[decimals.length] ?? 0n);
  return match[1] === '-' ? -value : value;
}

export const times = (a: Money, b: Money): Money => (a * b) / SCALE;

/** Quotient to 24 decimals; zero when dividing by zero (a malformed document, reported elsewhere). */
export const over = (a: Money, b: Money): Money => (b === 0n ? 0n : (a * SCALE) / b);

/** `percent` of an amount. */
export const percentOf = (amount: Money, percent: Money): Money =>
  (amount * percent) / (SCALE * 100n);

/** A whole number of units as Money. */
export const whole = (value: number): Money => BigInt(value) * SCALE;

export const abs = (value: Money): Money => (value < 0n ? -value : value);

/**
 * Rounds half-up on the digit after `places` (Informe Técnico e-CF v1.0, p. 21); the only place
 * where the rules round. A first pass at 18 decimals takes away the remainder of divisions.
 */
export function round(value: Money, places = 2): Money {
  return roundTo(roundTo(value, UNIT[18] ?? 1n), UNIT[places] ?? 1n);
}

function roundTo(value: Money, unit: Money): Money {
  const half = unit / 2n;
  return value < 0n ? -((-value + half) / unit) * unit : ((value + half) / unit) * unit;
}

/** Text with exactly `places` decimals, rounded as {@link round}. */
export function moneyText(value: Money, places = 2): string {
  const unit = UNIT[places] ?? 1n;
  const rounded = round(value, places) / unit;
  const digits = (rounded < 0n ? -rounded : rounded).toString().padStart(places + 1, '0');
  const cut = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return rounded < 0n ? `-${text}` : text;
}

/** An amount text rewritten with exactly two decimals; as it is when it is no number. */
export function amountText(text: string): string {
  const value = money(text);
  return value === undefined ? text : moneyText(value);
}

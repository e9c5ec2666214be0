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
/** Up to here a `number` counts exactly, and is made into a BigInt fastest. */
const SAFE_DIGITS = 15;
const [ZERO_CODE, NINE_CODE, POINT_CODE] = [48, 57, 46];

/** Value of a decimal text; undefined when it is not one. */
export function money(text: string | undefined): Money | undefined {
  if (text === undefined) return undefined;
  const { length } = text;
  if (length === 0 || length > SAFE_DIGITS) return longMoney(text);
  let units = 0;
  let point = -1;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= ZERO_CODE && code <= NINE_CODE) units = units * 10 + (code - ZERO_CODE);
    else if (code === POINT_CODE && point < 0 && index > 0) point = index;
    else return longMoney(text);
  }
  const decimals = point < 0 ? 0 : length - point - 1;
  const unit = UNIT[decimals];
  if (unit === undefined || point === length - 1 || decimals > 8) return longMoney(text);
  return BigInt(units) * unit;
}

/** The same for texts with a sign, more digits, or no number in them. */
function longMoney(text: string): Money | undefined {
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

/** Far above what divisions leave over, far below half of the last decimal anybody writes. */
const REMAINDER: Money = UNIT[18] ?? 1n;

/**
 * Rounds half-up on the digit after `places` (Informe Técnico e-CF v1.0, p. 21): the only place
 * where the rules round. The answer counts units of the last place. A value that lies just below
 * one half because a division left a remainder is taken as the half it stands for.
 */
function roundToUnits(value: Money, places: number): bigint {
  const unit = UNIT[places] ?? 1n;
  const half = unit / 2n + REMAINDER;
  return value < 0n ? -((half - value) / unit) : (value + half) / unit;
}

/** Value rounded half-up to `places` decimals. */
export function round(value: Money, places = 2): Money {
  return roundToUnits(value, places) * (UNIT[places] ?? 1n);
}

/** Text with exactly `places` decimals, rounded as {@link round}. */
export function moneyText(value: Money, places = 2): string {
  const units = roundToUnits(value, places);
  if (units < 0n) return `-${moneyText(-value, places)}`;
  const digits = units.toString().padStart(places + 1, '0');
  if (places === 0) return digits;
  const cut = digits.length - places;
  return `${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** An amount text rewritten with exactly two decimals; as it is when it is no number. */
export function amountText(text: string): string {
  const value = money(text);
  return value === undefined ? text : moneyText(value);
}

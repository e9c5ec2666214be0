const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?$/;
const THOUSANDS = /\B(?=(\d{3})+$)/g;

/**
 * A decimal text with thousands comma: at least `least` decimals, at most those it has. The value
 * is never turned into a number, so what is printed is what the XML says.
 */
export function decimalText(text: string, least = 2): string {
  const match = NUMBER.exec(text.trim());
  if (!match) return text;
  const [, sign = '', digits = '', decimals = ''] = match;
  const whole = digits.replace(/^0+(?=\d)/, '').replace(THOUSANDS, ',');
  const kept = decimals.replace(/0+$/, '').padEnd(least, '0');
  return `${sign === '-' ? '-' : ''}${whole}${kept === '' ? '' : `.${kept}`}`;
}

/** Texts of one field, on one line: control characters and line ends become spaces. */
export function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();
}

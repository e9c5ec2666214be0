const RNC_WEIGHTS = [7, 9, 8, 6, 5, 4, 3, 2];

/**
 * Whether the check digit of an RNC (9 digits, modulo 11) or cédula (11 digits, Luhn) holds. Real
 * ones exist that fail, so this is a hint and never a verdict: the registry of DGII decides.
 */
export function hasValidCheckDigit(rnc: string): boolean {
  const digits = Array.from(rnc, Number);
  if (rnc.length === 9) {
    const sum = RNC_WEIGHTS.reduce((total, weight, at) => total + weight * (digits[at] ?? 0), 0);
    const rest = sum % 11;
    return digits[8] === (rest < 2 ? 2 - rest : 11 - rest);
  }
  const sum = digits.slice(0, 10).reduce((total, digit, at) => {
    const product = digit * (at % 2 === 0 ? 1 : 2);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return digits[10] === (10 - (sum % 10)) % 10;
}

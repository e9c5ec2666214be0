const RNC_WEIGHTS = [7, 9, 8, 6, 5, 4, 3, 2];

/**
 * Whether the check digit of an RNC (9 digits, modulo 11) or cédula (11 digits, Luhn) holds. Real
 * ones exist that fail, so this is a hint and never a verdict: the registry of DGII decides.
 */
export function hasValidCheckDigit(rnc: string): boolean {
  return rnc.length === 9 ? isRnc(rnc) : isCedula(rnc);
}

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48;

function isRnc(rnc: string): boolean {
  let sum = 0;
  for (let at = 0; at < 8; at++) sum += (RNC_WEIGHTS[at] ?? 0) * digit(rnc, at);
  const rest = sum % 11;
  return digit(rnc, 8) === (rest < 2 ? 2 - rest : 11 - rest);
}

function isCedula(cedula: string): boolean {
  let sum = 0;
  for (let at = 0; at < 10; at++) {
    const product = digit(cedula, at) * (at % 2 === 0 ? 1 : 2);
    sum += product > 9 ? product - 9 : product;
  }
  return digit(cedula, 10) === (10 - (sum % 10)) % 10;
}

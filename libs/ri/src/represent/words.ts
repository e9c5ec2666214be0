import { codesOf } from '@getupnet/ecf';

/** Codes of modification in the words of the official models (Informe Técnico e-CF v1.0, p. 31). */
const MODIFICATION: Readonly<Record<string, string>> = {
  '1': 'Anula el NCF modificado',
  '2': 'Corrige Texto del Comprobante Fiscal modificado',
  '3': 'Corrige montos del NCF modificado',
  '4': 'Reemplazo NCF emitido en contingencia',
  '5': 'Referencia Factura de Consumo Electrónica',
};

export const modificationInWords = (code: string): string => MODIFICATION[code] ?? code;

const lookUp =
  (table: string) =>
  (code: string): string =>
    codesOf(table).get(code) ?? code;

export const tipoInWords = lookUp('TipoeCF');
export const paymentTypeInWords = lookUp('TipoPago');
export const paymentFormInWords = lookUp('FormaPago');
export const accountTypeInWords = lookUp('TipoCuentaPago');
export const transportInWords = lookUp('ViaTransporte');

/** `USD (Dólar estadounidense)`. */
export function currencyInWords(code: string): string {
  const name = codesOf('TipoMoneda').get(code)?.replace(/ \(.*/, '');
  return name === undefined ? code : `${code} (${name})`;
}

/** Abbreviation of the official table: `KG`, `UND`. Schemas write the code with and without zero. */
export function unitInWords(code: string): string {
  const entry = codesOf('Unidad').get(code.replace(/^0/, ''));
  return entry?.slice(0, entry.indexOf(':')) ?? code;
}

const SMALL_WORDS = new Set(['de', 'del', 'la', 'las', 'los', 'el', 'y']);

/** The official table is in capitals: `Santo Domingo de Guzmán`. */
export function territoryInWords(code: string): string {
  const name = codesOf('Territorio').get(code);
  if (name === undefined) return code;
  return name
    .toLocaleLowerCase('es')
    .replace(/[\p{L}\p{N}]+/gu, (word, at: number) =>
      at > 0 && SMALL_WORDS.has(word)
        ? word
        : word.charAt(0).toLocaleUpperCase('es') + word.slice(1),
    );
}

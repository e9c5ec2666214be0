/**
 * Facets of a leaf's text, with the meaning XML Schema gives them (part 2, chapter 4): `string`
 * keeps white space, the other bases collapse it; lengths count characters.
 */
export interface SimpleType {
  readonly base: 'string' | 'integer' | 'decimal' | 'dateTime';
  /** XML Schema regular expression of the whole text. */
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly totalDigits?: number;
  readonly fractionDigits?: number;
  readonly minInclusive?: string;
  readonly minExclusive?: string;
  readonly maxInclusive?: string;
  /** Allowed values; of a numeric base they are compared by value. */
  readonly codes?: readonly string[];
}

const LETTER = 'a-zA-ZñÑáéíóúÁÉÍÓÚ';
const DAY_MONTH = String.raw`(3[01]|[12][0-9]|0?[1-9])\-(1[012]|0?[1-9])\-`;
const STAMP_DATE = '(3[01]|[12][0-9]|0[1-9])-(1[0-2]|0[1-9])-';
const TIME = '(2[0-3]|[01]?[0-9]):([0-5]?[0-9]):([0-5]?[0-9])';

const MONEY = { base: 'decimal', fractionDigits: 2, totalDigits: 18 } as const;
const TWO_DECIMALS = String.raw`[0-9]{1,16}(\.[0-9]{1,2})?`;
const NONE_OR_TWO = '[0-9]{1,16}(.[0-9]{2})?';
// `{11}|{9}` would say the same, but libxml2 then takes 19 digits as well.
const NINE_OR_ELEVEN = '[0-9]{9}([0-9]{2})?';
const ALNUM = '[a-z0-9A-Z]';

/** The named simple types of the catalogue; `textN` (1..N characters) and `blankN` (0..N) besides. */
export const SIMPLE_TYPES: Readonly<Record<string, SimpleType>> = {
  any: { base: 'string' },
  // amounts
  amount: { ...MONEY, pattern: TWO_DECIMALS },
  positive: { ...MONEY, pattern: TWO_DECIMALS, minExclusive: '0' },
  signed: { ...MONEY, pattern: '[+-]?[0-9]{1,16}(.[0-9]{1,2})?' },
  amount2: { ...MONEY, pattern: NONE_OR_TWO },
  positive2: { ...MONEY, pattern: NONE_OR_TWO, minInclusive: '0.01' },
  signed2: { ...MONEY, pattern: `[+-]?${NONE_OR_TWO}` },
  amountExact: { ...MONEY, pattern: String.raw`[0-9]+(\.[0-9]{2})` },
  price: {
    base: 'decimal',
    fractionDigits: 4,
    totalDigits: 20,
    pattern: String.raw`(\d{1,16})(\.\d{1,4})?`,
  },
  weight: {
    base: 'decimal',
    fractionDigits: 3,
    totalDigits: 19,
    pattern: '[0-9]{1,16}(.[0-9]{1,3})?',
  },
  rate: {
    base: 'decimal',
    fractionDigits: 2,
    totalDigits: 5,
    minExclusive: '0',
    pattern: '[0-9]{1,3}(.[0-9]{1,2})?',
  },
  exchange: {
    base: 'decimal',
    fractionDigits: 4,
    totalDigits: 7,
    minExclusive: '0',
    pattern: '[0-9]{1,3}(.[0-9]{1,4})?',
  },
  exchange0: {
    base: 'decimal',
    fractionDigits: 4,
    totalDigits: 7,
    pattern: '[0-9]{1,3}(.[0-9]{1,4})?',
  },
  // whole numbers
  bit: { base: 'integer', minInclusive: '0', maxInclusive: '1' },
  int2: { base: 'integer', totalDigits: 2, pattern: '[0-9]{1,2}' },
  digits2: { base: 'integer', pattern: String.raw`\d{1,2}` },
  digits10: { base: 'integer', pattern: String.raw`\d{1,10}` },
  digits20: { base: 'integer', totalDigits: 20, pattern: '[0-9]{1,20}' },
  line: {
    base: 'integer',
    totalDigits: 4,
    minInclusive: '1',
    maxInclusive: '1000',
    pattern: '[0-9]{1,4}',
  },
  line5: {
    base: 'integer',
    totalDigits: 5,
    minInclusive: '1',
    maxInclusive: '10000',
    pattern: '[0-9]{1,5}',
  },
  pages: { base: 'integer', totalDigits: 4, minExclusive: '1', pattern: '[0-9]{1,4}' },
  pages5: { base: 'integer', totalDigits: 5, minExclusive: '1', pattern: '[0-9]{1,5}' },
  // identifiers
  version: { base: 'decimal', codes: ['1.0'] },
  versionText: { base: 'decimal', codes: ['1.0'], pattern: '1.0' },
  rnc: { base: 'string', pattern: NINE_OR_ELEVEN },
  rncNumber: { base: 'integer', pattern: NINE_OR_ELEVEN },
  encf: { base: 'string', pattern: `${ALNUM}{13}` },
  encfAny: { base: 'string', pattern: `${ALNUM}{9}(${ALNUM}{2}(${ALNUM}{2})?)?` },
  exact13: { base: 'string', minLength: 13, maxLength: 13 },
  ncf: { base: 'string', minLength: 11, maxLength: 19 },
  code6: { base: 'string', pattern: '.{6}' },
  // dates
  date: { base: 'string', pattern: String.raw`${DAY_MONTH}((19|20)\d{2})` },
  date20: { base: 'string', pattern: String.raw`${DAY_MONTH}(20\d{2})` },
  dateSpaced: { base: 'string', pattern: String.raw`\s*${DAY_MONTH}((19|20)\d{2})\s*` },
  dateTime: {
    base: 'string',
    maxLength: 19,
    pattern: String.raw`${STAMP_DATE}((19|20)\d{2}) ${TIME}`,
  },
  dateTimeAny: { base: 'string', pattern: `${STAMP_DATE}[0-9]{4} ${TIME}` },
  dateTimeIso: { base: 'dateTime' },
  // texts of a certain shape
  term: { base: 'string', pattern: String.raw`[\s\d\w]{1,15}` },
  phone: { base: 'string', maxLength: 12, pattern: String.raw`\d{3}-\d{3}-\d{4}` },
  email: {
    base: 'string',
    maxLength: 80,
    // The official `[-+.]` accepts the same texts (\w contains +) but backtracks without end.
    pattern: String.raw`\w+([-.]\w+)*@\w+([-.]\w+)*\.\w+([-.]\w+)*`,
  },
  letters20: { base: 'string', maxLength: 20, pattern: String.raw`[${LETTER},\s]*` },
  letters60: { base: 'string', maxLength: 60, pattern: String.raw`[${LETTER},\s]*` },
  word3: { base: 'string', maxLength: 3, pattern: String.raw`\D[^0-9]+[${LETTER}]` },
  word35: { base: 'string', maxLength: 35, pattern: String.raw`\D[^0-9]+[${LETTER}]` },
  word60: { base: 'string', maxLength: 60, pattern: String.raw`\D[^0-9]+[${LETTER}]` },
};

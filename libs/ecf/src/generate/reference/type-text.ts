import type { FormatNode } from '../../catalogue/formats.js';
import type { SimpleType } from '../../catalogue/simple-types.data.js';
import { anchor } from './markdown.js';

/** Types whose form is told better by an example than by their facets. */
const BY_NAME: Readonly<Record<string, string>> = {
  date: 'date `dd-MM-yyyy`',
  date20: 'date `dd-MM-yyyy`, 2000 or later',
  dateSpaced: 'date `dd-MM-yyyy`',
  dateTime: '`dd-MM-yyyy HH:mm:ss`',
  dateTimeAny: '`dd-MM-yyyy HH:mm:ss`',
  dateTimeIso: '`yyyy-MM-ddTHH:mm:ss`',
  rnc: '9 or 11 digits',
  rncNumber: '9 or 11 digits',
  encf: '13 letters or digits: `E310000000001`',
  encfAny: '9, 11 or 13 letters or digits',
  exact13: '13 characters: `E310000000001`',
  ncf: '11 to 19 characters: e-NCF, NCF or older',
  code6: '6 characters',
  phone: '`809-555-0000`',
  email: 'e-mail address, up to 80 characters',
  term: '1 to 15 letters, digits or spaces',
  letters20: 'letters, commas and spaces, up to 20',
  letters60: 'letters, commas and spaces, up to 60',
  word3: '3 characters, no digits: `FOB`',
  word35: '3 to 35 characters, no digits',
  word60: '3 to 60 characters, no digits',
  version: '`1.0`',
  versionText: '`1.0`',
  amount2: 'up to 16 digits, and no or exactly 2 decimals',
  positive2: 'from 0.01; up to 16 digits, and no or exactly 2 decimals',
  signed2: 'sign allowed; up to 16 digits, and no or exactly 2 decimals',
  amountExact: 'digits and exactly 2 decimals',
  any: 'text',
};

/** What may stand in a field, in a few English words; code tables are linked. */
export function typeText({ typeName, type }: FormatNode): string {
  if (!type) return 'section';
  const known = BY_NAME[typeName];
  if (known !== undefined) return known;
  if (/^[#=]/.test(typeName)) {
    const name = typeName.slice(1);
    return `code of [${name}](codes.md#${anchor(name)})`;
  }
  return type.base === 'string' ? stringText(type) : numberText(type);
}

function stringText({ minLength = 0, maxLength }: SimpleType): string {
  if (maxLength === undefined) return 'text';
  return minLength === 0
    ? `up to ${maxLength} characters`
    : `${minLength} to ${maxLength} characters`;
}

function numberText(type: SimpleType): string {
  const { base, totalDigits, fractionDigits = 0, pattern = '' } = type;
  const range = [
    type.minExclusive !== undefined && `above ${type.minExclusive}`,
    type.minInclusive !== undefined && `from ${type.minInclusive}`,
    type.maxInclusive !== undefined && `to ${type.maxInclusive}`,
    pattern.startsWith('[+-]?') && 'sign allowed',
  ].filter((part) => part !== false);
  const digits =
    base === 'integer'
      ? totalDigits !== undefined && `up to ${totalDigits} digits`
      : `up to ${(totalDigits ?? 18) - fractionDigits} digits and ${fractionDigits} decimals`;
  const parts = [range.join(' '), digits].filter((part) => part !== '' && part !== false);
  return parts.join('; ') || 'whole number';
}

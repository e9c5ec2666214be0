import { ADDITIONAL_TAXES } from './additional-taxes.data.js';
import { CODES } from './codes.data.js';
import { TERRITORIES } from './territories.data.js';

/** How an additional tax is computed; see rules/additional-taxes.ts. */
export type AdditionalTaxKind =
  'other' | 'alcoholSpecific' | 'cigaretteSpecific' | 'alcoholAdValorem' | 'cigaretteAdValorem';

export interface AdditionalTax {
  readonly code: string;
  readonly kind: AdditionalTaxKind;
  readonly rate: string;
  readonly name: string;
}

const TAX_LINE = /^(\d{3}) (\w+) +([\d.]+) (.*)$/;

/** The 39 additional taxes by code. */
export const ADDITIONAL_TAX: ReadonlyMap<string, AdditionalTax> = new Map(
  ADDITIONAL_TAXES.trim()
    .split('\n')
    .map((line) => {
      const [, code = '', kind = '', rate = '', name = ''] = TAX_LINE.exec(line) ?? [];
      return [code, { code, kind: kind as AdditionalTaxKind, rate, name }] as const;
    }),
);

/** Code tables by name; each maps a code to its meaning, in the order of the official list. */
const tables = new Map<string, ReadonlyMap<string, string>>([
  ['TipoImpuesto', new Map([...ADDITIONAL_TAX.values()].map((tax) => [tax.code, tax.name]))],
]);

function pairs(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.map((line) => {
      const text = line.trim();
      const space = text.indexOf(' ');
      return [text.slice(0, space), text.slice(space + 1)] as const;
    }),
  );
}

for (const block of CODES.trim().split(/\n(?=\S)/)) {
  const [name = '', ...lines] = block.split('\n');
  tables.set(name, pairs(lines));
}
tables.set('Territorio', pairs(TERRITORIES.trim().split('\n')));

/** Names of the code tables. */
export const CODE_TABLES: readonly string[] = [...tables.keys()];

/** The codes of a table and what they mean (Spanish). Throws for a table that does not exist. */
export function codesOf(table: string): ReadonlyMap<string, string> {
  const codes = tables.get(table);
  if (!codes) throw new Error(`catalogue: no code table ${table}`);
  return codes;
}

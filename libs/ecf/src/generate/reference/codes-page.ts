import { ADDITIONAL_TAX, CODE_TABLES, codesOf } from '../../catalogue/codes.js';
import { anchor, GENERATED, page, table } from './markdown.js';

const KIND = {
  other: 'percentage of the net line',
  alcoholSpecific: 'DOP per litre of absolute alcohol, indexed quarterly',
  cigaretteSpecific: 'DOP per pack, indexed quarterly',
  alcoholAdValorem: 'percentage of the retail price',
  cigaretteAdValorem: 'percentage of the retail price',
} as const;

/** Every code table; meanings are DGII's, in Spanish. */
export function codesPage(): string {
  return page([
    '# Code tables',
    GENERATED,
    'Codes are written exactly as here, leading zeros included. A JSON number passes for a code without them.',
    CODE_TABLES.map((name) => `[${name}](#${anchor(name)})`).join(' · '),
    ...CODE_TABLES.flatMap((name) => [
      `## ${name}`,
      name === 'TipoImpuesto' ? taxes() : plain(name),
    ]),
  ]);
}

const plain = (name: string): string =>
  table(
    ['Code', 'Meaning'],
    [...codesOf(name)].map(([code, meaning]) => [`\`${code}\``, meaning]),
  );

function taxes(): string {
  return [
    'Rates per litre and per pack change every quarter: the ones of the day of issue are stated in TasaImpuestoAdicional.',
    table(
      ['Code', 'Name', 'Rate', 'Rate is'],
      [...ADDITIONAL_TAX.values()].map(({ code, name, rate, kind }) => [
        `\`${code}\``,
        name,
        rate,
        KIND[kind],
      ]),
    ),
  ].join('\n\n');
}

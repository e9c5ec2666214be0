import { codesOf } from '../../catalogue/codes.js';
import {
  FORMATS,
  formatTree,
  isTipoEcf,
  type FieldStatus,
  type Format,
  type FormatNode,
} from '../../catalogue/formats.js';
import { DERIVATIONS } from '../derivations.data.js';
import { GENERATED, page, table } from './markdown.js';
import { ruleLink, rulesAt, rulesOf } from './rules-of.js';
import { typeText } from './type-text.js';

/** Name of the page of a format: `ecf-31.md`, `rfce.md`. */
export const formatPageName = (format: Format): string =>
  isTipoEcf(format) ? `ecf-${format}.md` : `${format.toLowerCase()}.md`;

interface Title {
  readonly title: string;
  readonly about: string;
}

const OTHERS: Readonly<Record<string, Title>> = {
  RFCE: {
    title: 'RFCE: Resumen de Factura de Consumo Electrónica',
    about:
      'What DGII gets of a type 32 below 250,000.00. `toRfce()` copies it from the signed invoice; amounts are rewritten with two decimals.',
  },
  ARECF: {
    title: 'ARECF: Acuse de Recibo',
    about: 'The receiver’s answer to an e-CF: received, or why not. `arecf()` builds it.',
  },
  ACECF: {
    title: 'ACECF: Aprobación Comercial',
    about:
      'The buyer’s approval or refusal of a received e-CF. `acecf()` builds it from the document.',
  },
  ANECF: {
    title: 'ANECF: Anulación de e-NCF',
    about: 'Voids ranges of unused numbers. `anecf()` builds it and counts.',
  },
  Semilla: {
    title: 'Semilla',
    about:
      'What DGII hands out to be signed before it gives a token. It is signed as it comes (`signSemilla` of `libs/xmldsig`).',
  },
};

function titleOf(format: Format): Title {
  const other = OTHERS[format];
  if (other) return other;
  return {
    title: `e-CF ${format}: ${codesOf('TipoeCF').get(format) ?? ''}`,
    about: `Requests may leave out what the column “Derived” fills in; what is stated is checked and kept. Examples: [libs/ecf/examples/${format}](../../libs/ecf/examples/${format}).`,
  };
}

/** Only e-CF are completed; the others are built whole. */
const columnsOf = (format: Format): readonly string[] => [
  'Field',
  'Status',
  'Format',
  ...(isTipoEcf(format) ? ['Derived by `complete()`'] : []),
  'Rules',
];

/** The reference page of one format. */
export function formatPage(format: Format): string {
  const { title, about } = titleOf(format);
  const { children, root, signature } = formatTree(format);
  const rules = rulesOf(format);
  return page([
    `# ${title}`,
    GENERATED,
    about,
    [
      '**Status** is what DGII’s format document says of the field: mandatory, conditional, optional;',
      '“not in the document” is a field only the schema has. **required** means that the schema wants',
      'it wherever its section is present. ×N: may be repeated up to N times. **(I)** is printed on the',
      'representation, **(P)** printed in words. Format rules (`ECF-FMT-…`, `ECF-TXT-…`) apply to',
      'every field and are not repeated here; see [findings](findings.md) and [code tables](codes.md).',
    ].join('\n'),
    `Schema: [xsd/${schemaName(format)}](xsd/${schemaName(format)}). Root element: \`${root}\`. The signature is the last element${signature === 0 ? ' (the schema takes the document without it, too)' : ''}.`,
    ...sectionsOf(children, root).flatMap(({ path, nodes }) => [
      `## ${path}`,
      table(
        columnsOf(format),
        nodes.map((node) => row(node, path, format)),
      ),
    ]),
    ...(rules.length > 0
      ? [
          '## Rules between fields',
          table(
            ['Code', 'Severity', 'Message', 'Source'],
            rules.map(({ code, definition }) => [
              ruleLink(code),
              definition.severity,
              definition.message,
              definition.source,
            ]),
          ),
        ]
      : []),
  ]);
}

/** Name of the schema we publish for a format. */
export const schemaName = (format: Format): string =>
  isTipoEcf(format) ? `e-CF-${format}.xsd` : `${format}.xsd`;

interface Section {
  readonly path: string;
  readonly nodes: readonly FormatNode[];
}

/** Encabezado is told section by section; leaves that stand alone come first. */
function sectionsOf(children: readonly FormatNode[], root: string): readonly Section[] {
  const split = children.flatMap((node) => (node.name === 'Encabezado' ? node.children : [node]));
  const alone = split.filter(({ type }) => type !== undefined);
  return [
    ...(alone.length > 0 ? [{ path: root, nodes: alone }] : []),
    ...split
      .filter(({ type }) => type === undefined)
      .map((node) => ({ path: node.path, nodes: [node, ...below(node.children)] })),
  ];
}

const below = (nodes: readonly FormatNode[]): readonly FormatNode[] =>
  nodes.flatMap((node) => [node, ...below(node.children)]);

const STATUS: Readonly<Record<FieldStatus, string>> = {
  '0': 'not foreseen',
  '1': 'mandatory',
  '2': 'conditional',
  '3': 'optional',
  '-': 'not in the document',
};

function row(node: FormatNode, section: string, format: Format): readonly string[] {
  const name = node.path.startsWith(`${section}/`)
    ? node.path.slice(section.length + 1)
    : node.path;
  const parts = name.split('/');
  const last = parts.pop() ?? '';
  const status = [
    STATUS[node.status],
    node.min === 1 && 'required',
    node.max > 1 && `×${node.max}`,
    node.print !== 'N' && `(${node.print})`,
  ].filter((part) => part !== false);
  const derivation = DERIVATIONS[node.path];
  const derived = derivation?.formats?.includes(format) ?? true;
  return [
    `${parts.map((part) => `${part} / `).join('')}**${last}**`,
    status.join(' '),
    typeText(node),
    ...(isTipoEcf(format) ? [(derived && derivation?.text) || ''] : []),
    rulesAt(format, node.path)
      .map(({ code }) => ruleLink(code))
      .join(' '),
  ];
}

/** Every format page by its name. */
export const formatPages = (): ReadonlyMap<string, string> =>
  new Map(FORMATS.map((format) => [formatPageName(format), formatPage(format)]));

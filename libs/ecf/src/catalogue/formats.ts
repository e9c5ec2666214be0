import { DETALLE } from './detalle.data.js';
import { ENCABEZADO } from './encabezado.data.js';
import { ACECF, ANECF, ARECF, RFCE, SEMILLA } from './other-formats.data.js';
import { simpleType } from './simple-types.js';
import type { SimpleType } from './simple-types.data.js';
import { TOTALES } from './totales.data.js';

/** The ten e-CF types, in the order of the catalogue's columns. */
export const TIPOS_ECF = ['31', '32', '33', '34', '41', '43', '44', '45', '46', '47'] as const;
export type TipoEcf = (typeof TIPOS_ECF)[number];

/** Every format of the catalogue. */
export const FORMATS = [...TIPOS_ECF, 'RFCE', 'ARECF', 'ACECF', 'ANECF', 'Semilla'] as const;
export type Format = (typeof FORMATS)[number];

/** Status of a field in DGII's format documents: absent, mandatory, conditional, optional. */
export type FieldStatus = '0' | '1' | '2' | '3' | '-';

/** An element as one format has it. */
export interface FormatNode {
  readonly name: string;
  /** Path below the root element, `/` between names: `Encabezado/IdDoc/eNCF`. */
  readonly path: string;
  readonly status: FieldStatus;
  readonly min: 0 | 1;
  readonly max: number;
  /** `I` printed, `P` printed in words, `N` not required in the printed representation. */
  readonly print: string;
  /** How the catalogue calls the type of a leaf; `-` is a container. */
  readonly typeName: string;
  readonly type: SimpleType | undefined;
  readonly children: readonly FormatNode[];
}

export interface FormatTree {
  readonly format: Format;
  readonly root: string;
  /** Least occurrence of the element after the last one, where the signature goes. */
  readonly signature: 0 | 1;
  readonly children: readonly FormatNode[];
}

const ECF_TABLE = ENCABEZADO + TOTALES + DETALLE;

interface Source {
  readonly root: string;
  readonly table: string;
  readonly signature: 0 | 1;
}

const OTHER: Readonly<Record<Exclude<Format, TipoEcf>, Source>> = {
  RFCE: { root: 'RFCE', table: RFCE, signature: 1 },
  ARECF: { root: 'ARECF', table: ARECF, signature: 0 },
  ACECF: { root: 'ACECF', table: ACECF, signature: 0 },
  ANECF: { root: 'ANECF', table: ANECF, signature: 1 },
  Semilla: { root: 'SemillaModel', table: SEMILLA, signature: 1 },
};

export function isTipoEcf(value: unknown): value is TipoEcf {
  return TIPOS_ECF.some((tipo) => tipo === value);
}

const trees = new Map<Format, FormatTree>();

/** The tree of elements of one format. */
export function formatTree(format: Format): FormatTree {
  let tree = trees.get(format);
  if (!tree) {
    const source: Source = isTipoEcf(format)
      ? { root: 'ECF', table: ECF_TABLE, signature: 1 }
      : OTHER[format];
    tree = {
      format,
      root: source.root,
      signature: source.signature,
      children: readTable(source.table, format),
    };
    trees.set(format, tree);
  }
  return tree;
}

/** Column of a format in the digits of a line. */
const columnOf = (format: Format): number => (isTipoEcf(format) ? TIPOS_ECF.indexOf(format) : 0);

function readTable(table: string, format: Format): FormatNode[] {
  const top: FormatNode[] = [];
  /** The open containers: children list and path of each depth; `null` is one the format lacks. */
  const open: ({ children: FormatNode[]; path: string } | null)[] = [{ children: top, path: '' }];
  for (const line of table.split('\n')) {
    if (line.trim() === '') continue;
    const depth = (line.length - line.trimStart().length) / 2;
    open.length = depth + 1;
    const parent = open[depth];
    const node = parent ? readLine(line, format, parent.path) : undefined;
    if (parent && node) {
      parent.children.push(node.value);
      open.push({ children: node.children, path: `${node.value.path}/` });
    } else open.push(null);
  }
  return top;
}

function readLine(line: string, format: Format, parent: string) {
  const [head = '', statuses = '', occurs = '', type = '', print = '', ...others] = line
    .trim()
    .split(/\s+/);
  const column = columnOf(format);
  const occur = occurs[column];
  if (occur === undefined) throw new Error(`catalogue: bad line "${line}"`);
  if (occur === '.') return undefined;
  const [, name = '', limits = ''] = /^(\w+)(?:\[(.*)\])?$/.exec(head) ?? [];
  const ownType = forFormat(others, format) ?? type;
  const typeName = /^[#=]$/.test(ownType) ? ownType + name : ownType;
  const children: FormatNode[] = [];
  const value: FormatNode = {
    name,
    path: parent + name,
    status: statuses[column] as FieldStatus,
    min: occur === '1' ? 1 : 0,
    max: Number(forFormat(limits.split(';').slice(1), format) ?? (limits.split(';')[0] || 1)),
    print,
    typeName,
    type: typeName === '-' ? undefined : simpleType(typeName),
    children,
  };
  return { value, children };
}

/** The value of `33,34:value` entries that is meant for this format. */
function forFormat(entries: readonly string[], format: Format): string | undefined {
  for (const entry of entries) {
    const [formats = '', value] = entry.split(':');
    if (formats.split(',').includes(format)) return value;
  }
  return undefined;
}

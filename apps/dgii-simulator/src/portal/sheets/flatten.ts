import { formatTree, type Format, type FormatNode } from '@getupnet/ecf';
import type { Cell } from './columns.js';

/** Elements whose column has another name, by their path. */
const RENAMED: Readonly<Record<string, string>> = {
  'Encabezado/IdDoc/eNCF': 'ENCF',
  'DescuentosORecargos/DescuentoORecargo/NumeroLinea': 'NumeroLineaDoR',
  'DetallesItems/Item/TablaSubRecargo/SubRecargo/MontoSubRecargo': 'MontosubRecargo',
};

/** Written by the signer, or different in each copy: no column, or an empty one. */
const UNLISTED: ReadonlySet<string> = new Set(['FechaHoraFirma', 'Encabezado/CodigoSeguridadeCF']);

/** The populated cells of a document's row, in the order of the schema, which is the sheet's. */
export function flatten(document: object, format: Format): Cell[] {
  return cellsOf(document, formatTree(format).children, '');
}

function cellsOf(tree: object, nodes: readonly FormatNode[], indexes: string): Cell[] {
  const members = new Map<string, unknown>(Object.entries(tree));
  return nodes.flatMap((node) => {
    const value = members.get(node.name);
    if (value === undefined || UNLISTED.has(node.path)) return [];
    if (!Array.isArray(value)) return cellsIn(value, node, indexes);
    return value.flatMap((entry, at) => cellsIn(entry, node, `${indexes}[${at + 1}]`));
  });
}

function cellsIn(value: unknown, node: FormatNode, indexes: string): Cell[] {
  if (typeof value === 'string') return [[(RENAMED[node.path] ?? node.name) + indexes, value]];
  if (typeof value !== 'object' || value === null) throw new Error(`not a tree: ${node.path}`);
  return cellsOf(value, node.children, indexes);
}

import { formatTree, type Format, type FormatNode } from '../catalogue/formats.js';
import { isTree, type Tree } from '../model/tree.js';

/** Columns of DGII's workbook whose name is not the element's. */
const RENAMED: Readonly<Record<string, string>> = {
  numerolineador: 'DescuentosORecargos/DescuentoORecargo/NumeroLinea',
};

/** One row of DGII's certification workbook (`Column[line][entry]` → text) as a document tree. */
export function unflatten(row: Readonly<Record<string, string>>, format: Format): Tree {
  const columns = new Map<string, readonly FormatNode[]>();
  index(formatTree(format).children, [], columns);
  const tree: Tree = {};
  for (const [column, value] of Object.entries(row)) {
    const name = column.replace(/\[.*$/, '').toLowerCase();
    const numbers = [...column.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]) - 1);
    const path = columns.get(RENAMED[name] ?? `${name}/${numbers.length}`);
    if (!path) throw new Error(`no element for column ${column}`);
    place(tree, path, numbers, value);
  }
  return tree;
}

function index(
  nodes: readonly FormatNode[],
  above: readonly FormatNode[],
  into: Map<string, readonly FormatNode[]>,
): void {
  for (const node of nodes) {
    const path = [...above, node];
    const depth = path.filter(({ max }) => max > 1).length;
    const key = `${node.name.toLowerCase()}/${depth}`;
    if (node.type && !into.has(key)) into.set(key, path);
    into.set(node.path, path);
    index(node.children, path, into);
  }
}

function place(
  tree: Tree,
  path: readonly FormatNode[],
  numbers: readonly number[],
  value: string,
): void {
  let at: Tree = tree;
  let used = 0;
  for (const node of path) {
    if (node.max > 1) {
      const list = (at[node.name] ??= []) as unknown[];
      const number = numbers[used++] ?? 0;
      if (node.type) list[number] = value;
      else at = (list[number] ??= {}) as Tree;
    } else if (node.type) at[node.name] = value;
    else {
      const next = (at[node.name] ??= {});
      if (!isTree(next)) throw new Error(`not a container: ${node.path}`);
      at = next;
    }
  }
}

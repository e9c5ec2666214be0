import { formatTree, type Format, type FormatNode } from './formats.js';

const byFormat = new Map<Format, ReadonlyMap<string, FormatNode>>();

/** Every element of a format by its path below the root. */
export function fieldsOf(format: Format): ReadonlyMap<string, FormatNode> {
  let fields = byFormat.get(format);
  if (!fields) {
    const found = new Map<string, FormatNode>();
    collect(formatTree(format).children, found);
    byFormat.set(format, (fields = found));
  }
  return fields;
}

function collect(nodes: readonly FormatNode[], into: Map<string, FormatNode>): void {
  for (const node of nodes) {
    into.set(node.path, node);
    collect(node.children, into);
  }
}

const namesByPath = new Map<string, ReadonlySet<string>>();

/** Names of the elements that a format has in one container. */
export function namesIn(format: Format, path: string): ReadonlySet<string> {
  const key = `${format}/${path}`;
  let names = namesByPath.get(key);
  if (!names) {
    const children = fieldsOf(format).get(path)?.children ?? [];
    namesByPath.set(key, (names = new Set(children.map(({ name }) => name))));
  }
  return names;
}

import { formatTree, type Format, type FormatNode } from '../catalogue/formats.js';
import { isTree, type Tree } from './tree.js';

type Copy = (value: unknown) => unknown;

const copiers = new Map<Format, Copy>();

/**
 * A copy of a document with its elements in schema order and without containers and lists that
 * hold nothing. Names the format does not know are left out.
 */
export function arrange(format: Format, document: Tree): Tree {
  let copier = copiers.get(format);
  if (!copier) copiers.set(format, (copier = container(formatTree(format).children)));
  const copy = copier(document);
  return isTree(copy) ? copy : {};
}

function container(nodes: readonly FormatNode[]): Copy {
  const names = nodes.map(({ name }) => name);
  const indexes = new Map(names.map((name, index) => [name, index]));
  const copies = nodes.map((node) => {
    const one = node.type ? undefined : container(node.children);
    return node.max > 1 ? listOf(one) : one;
  });
  return (value) => {
    if (!isTree(value)) return value;
    const present: number[] = [];
    let sorted = true;
    for (const name in value) {
      const index = indexes.get(name);
      if (index === undefined || value[name] === undefined) continue;
      if (present.length > 0 && index < (present[present.length - 1] ?? 0)) sorted = false;
      present.push(index);
    }
    if (!sorted) present.sort((a, b) => a - b);
    const result: Tree = {};
    let some = false;
    for (const index of present) {
      const name = names[index] ?? '';
      const copy = copies[index];
      const kept = copy ? copy(value[name]) : value[name];
      if (kept === undefined) continue;
      result[name] = kept;
      some = true;
    }
    return some ? result : undefined;
  };
}

function listOf(one: Copy | undefined): Copy {
  return (value) => {
    if (!Array.isArray(value)) return value;
    const entries: readonly unknown[] = value;
    const kept = one ? entries.map(one).filter((entry) => entry !== undefined) : [...entries];
    return kept.length > 0 ? kept : undefined;
  };
}

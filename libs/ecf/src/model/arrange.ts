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
  const members = nodes.map((node) => {
    const one = node.type ? undefined : container(node.children);
    return { name: node.name, copy: node.max > 1 ? listOf(one) : one };
  });
  return (value) => {
    if (!isTree(value)) return value;
    const copy: Tree = {};
    let some = false;
    for (const member of members) {
      const entry = value[member.name];
      if (entry === undefined) continue;
      const kept = member.copy ? member.copy(entry) : entry;
      if (kept === undefined) continue;
      copy[member.name] = kept;
      some = true;
    }
    return some ? copy : undefined;
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

import { formatTree, isTipoEcf, type Format, type FormatNode } from '../catalogue/formats.js';
import { Findings, type Finding } from '../findings/finding.js';
import type { FindingCode } from '../findings/findings.data.js';
import { isTree, type Tree } from '../model/tree.js';
import { compileLeaf } from './leaf.js';

/** The compiled check of an element: a quick answer, and the reasons where it is "no". */
interface Check {
  readonly node: FormatNode;
  ok(value: unknown): boolean;
  explain(value: unknown, path: string, findings: Findings): void;
}

interface Container {
  ok(value: unknown): boolean;
  explain(value: unknown, path: string, findings: Findings): void;
}

const compiled = new Map<Format, Container>();

function containerOf(format: Format): Container {
  let check = compiled.get(format);
  if (!check) {
    const tree = formatTree(format);
    compiled.set(format, (check = compileContainer(tree.root, tree.children, isTipoEcf(format))));
  }
  return check;
}

/**
 * Checks a document of any format against the catalogue, which is to say against the XSD: elements,
 * how often they occur, what they hold. The signature's slot is not part of a document.
 */
export function validateFormat(format: Format, document: unknown): readonly Finding[] {
  const findings = new Findings();
  checkFormat(format, document, findings);
  return findings.list;
}

/** As {@link validateFormat}, into an existing collection. */
export function checkFormat(format: Format, document: unknown, findings: Findings): void {
  const check = containerOf(format);
  if (!check.ok(document)) check.explain(document, '', findings);
}

/** Missing elements that deserve a better word than "missing". */
const MISSING: Readonly<Record<string, FindingCode>> = {
  InformacionReferencia: 'ECF-NOT-01',
};

/**
 * `full`: containers must hold something. DGII takes no empty tags, although its schemas let some
 * be empty; only the RFCE needs one (its Comprador).
 */
function compileContainer(name: string, nodes: readonly FormatNode[], full: boolean): Container {
  const members = new Map(nodes.map((node) => [node.name, compile(node, full)]));
  const mandatory = nodes.filter((node) => node.min === 1);
  return {
    ok(value) {
      if (!isTree(value)) return false;
      let found = 0;
      let some = !full;
      for (const key in value) {
        const content = value[key];
        if (content === undefined) continue;
        const member = members.get(key);
        if (!member || !member.ok(content)) return false;
        if (member.node.min === 1) found++;
        some = true;
      }
      return some && found === mandatory.length;
    },
    explain(value, path, findings) {
      if (!isTree(value)) {
        findings.add('ECF-FMT-12', path, { field: name, expected: 'un objeto' });
        return;
      }
      if (full && mandatory.length === 0 && isEmpty(value)) {
        findings.add('ECF-FMT-19', path, { field: name });
      }
      for (const key of Object.keys(value)) {
        if (findings.full) return;
        const content = value[key];
        if (content === undefined) continue;
        const member = members.get(key);
        if (member) member.explain(content, `${path}/${key}`, findings);
        else findings.add('ECF-FMT-01', `${path}/${key}`, { field: key.slice(0, 60) });
      }
      for (const node of mandatory) {
        if (value[node.name] !== undefined) continue;
        const code = MISSING[node.path] ?? 'ECF-FMT-03';
        findings.add(code, `${path}/${node.name}`, { field: node.name });
      }
    },
  };
}

const isEmpty = (tree: Tree): boolean => Object.values(tree).every((value) => value === undefined);

function compile(node: FormatNode, full: boolean): Check {
  const one = node.type ? leaf(node) : compileContainer(node.name, node.children, full);
  if (node.max === 1) return { node, ok: one.ok, explain: one.explain };
  return {
    node,
    ok(value) {
      if (!Array.isArray(value) || value.length > node.max) return false;
      if (value.length === 0) return node.min === 0;
      for (const entry of value) if (!one.ok(entry)) return false;
      return true;
    },
    explain(value, path, findings) {
      if (!Array.isArray(value)) {
        findings.add('ECF-FMT-12', path, { field: node.name, expected: 'una lista' });
        return;
      }
      const { name: field, max } = node;
      const count = value.length;
      if (count > max) findings.add('ECF-FMT-05', path, { field, count, max });
      if (count === 0 && node.min === 1) findings.add('ECF-FMT-03', path, { field });
      for (let index = 0; index < count && index < max && !findings.full; index++) {
        const entry: unknown = value[index];
        if (!one.ok(entry)) one.explain(entry, `${path}/${index}`, findings);
      }
    },
  };
}

function leaf(node: FormatNode): Container {
  if (!node.type) throw new Error(`catalogue: ${node.path} is no leaf`);
  const check = compileLeaf(node, node.type);
  return {
    ok: (value) => typeof value === 'string' && check.ok(value),
    explain(value, path, findings) {
      if (typeof value === 'string') {
        if (!check.ok(value)) check.explain(value, path, findings);
      } else findings.add('ECF-FMT-12', path, { field: node.name, expected: 'un texto' });
    },
  };
}

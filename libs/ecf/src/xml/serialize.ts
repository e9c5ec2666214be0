import { AppError } from '@getupnet/kernel';
import { formatTree, isTipoEcf, type Format, type FormatNode } from '../catalogue/formats.js';
import type { AcecfDocument, AnecfDocument, ArecfDocument } from '../model/index.js';
import type { EcfDocument, RfceDocument } from '../model/index.js';
import { isTree, type Tree } from '../model/tree.js';
import { escapeText } from './text.js';

/** First line of every file we write; it is not part of what is signed. */
export const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

type Write = (value: unknown) => string;

interface Member {
  readonly index: number;
  readonly write: Write;
}

const writers = new Map<Format, Write>();

/** The writer of a format, compiled once: no DOM, only concatenation. */
function writerOf(format: Format): Write {
  let writer = writers.get(format);
  if (!writer) {
    const tree = formatTree(format);
    writer = element(tree.root, container(tree.children));
    writers.set(format, writer);
  }
  return writer;
}

function element(name: string, content: Write): Write {
  const open = `<${name}>`;
  const close = `</${name}>`;
  return (value) => open + content(value) + close;
}

function leaf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a leaf must be a text');
  return escapeText(value);
}

function container(nodes: readonly FormatNode[]): Write {
  const members = new Map<string, Member>();
  nodes.forEach((node, index) => {
    const one = element(node.name, node.type ? leaf : container(node.children));
    members.set(node.name, { index, write: node.max > 1 ? listOf(one) : one });
  });
  const inOrder = (tree: Tree): string => {
    let xml = '';
    for (const [name, member] of members) {
      const value = tree[name];
      if (value !== undefined) xml += member.write(value);
    }
    return xml;
  };
  return (value) => {
    if (!isTree(value)) throw new TypeError('a container must be an object');
    let xml = '';
    let last = -1;
    for (const name in value) {
      const content = value[name];
      if (content === undefined) continue;
      const member = members.get(name);
      if (!member) throw new TypeError(`unknown element ${name}`);
      // Names usually come in schema order already; if not, look them up in that order.
      if (member.index < last) return inOrder(value);
      last = member.index;
      xml += member.write(content);
    }
    return xml;
  };
}

function listOf(one: Write): Write {
  return (value) => {
    if (!Array.isArray(value)) throw new TypeError('a list must be an array');
    let xml = '';
    for (const entry of value) xml += one(entry);
    return xml;
  };
}

/**
 * Canonical XML 1.0 of a document of any format, by construction: no declaration, no white space
 * between elements, no attributes, expanded tags. Throws `internal` for a tree that `validate`
 * would have refused (unknown element, a character XML cannot carry).
 */
export function serializeAs(format: Format, document: unknown): string {
  try {
    return writerOf(format)(document);
  } catch (cause) {
    throw new AppError('internal', {}, { cause });
  }
}

/** Canonical `<ECF>…</ECF>` without Signature; see {@link serializeAs}. */
export function serialize(document: EcfDocument): string {
  const tipo = document.Encabezado.IdDoc.TipoeCF;
  if (!isTipoEcf(tipo)) throw new AppError('internal', {}, { cause: `TipoeCF ${tipo}` });
  return serializeAs(tipo, document);
}

/** Canonical `<RFCE>…</RFCE>` without Signature. */
export function serializeRfce(rfce: RfceDocument): string {
  return serializeAs('RFCE', rfce);
}

/** Canonical `<ARECF>…</ARECF>` without Signature. */
export function serializeArecf(arecf: ArecfDocument): string {
  return serializeAs('ARECF', arecf);
}

/** Canonical `<ACECF>…</ACECF>` without Signature. */
export function serializeAcecf(acecf: AcecfDocument): string {
  return serializeAs('ACECF', acecf);
}

/** Canonical `<ANECF>…</ANECF>` without Signature. */
export function serializeAnecf(anecf: AnecfDocument): string {
  return serializeAs('ANECF', anecf);
}

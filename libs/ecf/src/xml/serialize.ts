import { AppError } from '@getupnet/kernel';
import {
  formatTree,
  isTipoEcf,
  type Format,
  type FormatNode,
  type TipoEcf,
} from '../catalogue/formats.js';
import type { AcecfDocument, AnecfDocument, ArecfDocument } from '../model/index.js';
import type { EcfDocument, RfceDocument } from '../model/index.js';
import { isTree, type Tree } from '../model/tree.js';
import { ByteWriter } from './bytes.js';
import { Tag } from './markup.js';

/** First line of every file we write; it is not part of what is signed. */
export const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

type Write = (out: ByteWriter, value: unknown) => void;

interface Member {
  readonly name: string;
  readonly index: number;
  readonly write: Write;
  /** The one that came after it last time, and mostly does again: no look-up then. */
  follower: Member | undefined;
}

const writers = new Map<Format, Write>();

/** The writer of a format, compiled once: no DOM, only bytes one after the other. */
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
  const open = new Tag(`<${name}>`);
  const close = new Tag(`</${name}>`);
  return (out, value) => {
    out.tag(open);
    content(out, value);
    out.tag(close);
  };
}

function leaf(name: string): Write {
  const open = new Tag(`<${name}>`);
  const close = new Tag(`</${name}>`);
  return (out, value) => {
    if (typeof value !== 'string') throw new TypeError('a leaf must be a text');
    out.leaf(open, value, close);
  };
}

function container(nodes: readonly FormatNode[]): Write {
  const members = new Map<string, Member>();
  nodes.forEach((node, index) => {
    const one = node.type ? leaf(node.name) : element(node.name, container(node.children));
    const write = node.max > 1 ? listOf(one) : one;
    members.set(node.name, { name: node.name, index, write, follower: undefined });
  });
  const head: Member = { name: '', index: -1, write: () => undefined, follower: undefined };
  const inOrder = (out: ByteWriter, tree: Tree): void => {
    for (const [name, member] of members) {
      const value = tree[name];
      if (value !== undefined) member.write(out, value);
    }
  };
  return (out, value) => {
    if (!isTree(value)) throw new TypeError('a container must be an object');
    const start = out.mark;
    let last = head;
    for (const name in value) {
      const content = value[name];
      if (content === undefined) continue;
      let member = last.follower;
      if (member?.name !== name) {
        member = members.get(name);
        if (!member) throw new TypeError(`unknown element ${name}`);
        last.follower = member;
      }
      if (member.index < last.index) {
        // Names usually come in schema order already; if not, they are looked up in that order.
        out.back(start);
        return inOrder(out, value);
      }
      last = member;
      member.write(out, content);
    }
  };
}

function listOf(one: Write): Write {
  return (out, value) => {
    if (!Array.isArray(value)) throw new TypeError('a list must be an array');
    for (const entry of value) one(out, entry);
  };
}

/** One document at a time is written, so all share the memory. */
const out = new ByteWriter();
const decoder = new TextDecoder();

/**
 * Canonical XML 1.0 of a document of any format as UTF-8, by construction: no declaration, no white
 * space between elements, no attributes, expanded tags. Throws `internal` for a tree that `validate`
 * would have refused (unknown element, a character XML cannot carry).
 */
export function serializeBytesAs(format: Format, document: unknown): Uint8Array {
  try {
    writerOf(format)(out, document);
    return out.take();
  } catch (cause) {
    out.reset();
    throw new AppError('internal', {}, { cause });
  }
}

/** The text of {@link serializeBytesAs}. */
export function serializeAs(format: Format, document: unknown): string {
  return decoder.decode(serializeBytesAs(format, document));
}

/** Canonical `<ECF>…</ECF>` without Signature as UTF-8, ready to be signed. */
export function serializeBytes(document: EcfDocument): Uint8Array {
  return serializeBytesAs(tipoOf(document), document);
}

/** Canonical `<ECF>…</ECF>` without Signature; see {@link serializeBytesAs}. */
export function serialize(document: EcfDocument): string {
  return serializeAs(tipoOf(document), document);
}

function tipoOf(document: EcfDocument): TipoEcf {
  const tipo = document.Encabezado.IdDoc.TipoeCF;
  if (!isTipoEcf(tipo)) throw new AppError('internal', {}, { cause: `TipoeCF ${tipo}` });
  return tipo;
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

import { AppError } from '@getupnet/kernel';
import {
  FORMATS,
  formatTree,
  isTipoEcf,
  type Format,
  type FormatNode,
  type TipoEcf,
} from '../catalogue/formats.js';
import { Findings, hasErrors, type Finding } from '../findings/finding.js';
import type { EcfDocument } from '../model/index.js';
import type { Tree } from '../model/tree.js';
import { canonicalize } from './canonical.js';

export interface ReadResult {
  readonly format: Format;
  /** In the shape of the catalogue: `EcfDocument` for an e-CF, and so on. */
  readonly document: Tree;
  /** Faults of structure, which the tree cannot show: order, repetition, unknown elements. */
  readonly findings: readonly Finding[];
  /** Whether an element stands in the place of the signature. */
  readonly signed: boolean;
}

interface Shape {
  readonly node: FormatNode | undefined;
  readonly index: number;
  readonly members: ReadonlyMap<string, Shape>;
}

const shapes = new Map<Format, Shape>();

function shapeOf(format: Format): Shape {
  let shape = shapes.get(format);
  if (!shape) shapes.set(format, (shape = compile(undefined, 0, formatTree(format).children)));
  return shape;
}

function compile(node: FormatNode | undefined, index: number, children: readonly FormatNode[]) {
  const members = new Map<string, Shape>();
  children.forEach((child, at) => members.set(child.name, compile(child, at, child.children)));
  const shape: Shape = { node, index, members };
  return shape;
}

/** Reads an XML text of any format of the catalogue, ours or others', leaving nothing unsaid. */
export function read(xml: string): ReadResult {
  return readCanonical(canonicalize(xml));
}

/** As {@link read}, for a text that is Canonical XML without comments already. */
export function readCanonical(canonical: string): ReadResult {
  return new Reader(canonical).document();
}

/** Reads an e-CF; throws `ecf.schema_invalid` when it is something else or out of shape. */
export function parse(xml: string): EcfDocument {
  const { format, document, findings } = read(xml);
  if (!isTipoEcf(format) || hasErrors(findings)) {
    throw new AppError(
      'ecf.schema_invalid',
      {},
      {
        errors: findings.map(({ path, code, message, fix }) => ({
          pointer: `/ECF${path}`,
          code,
          message,
          fix,
        })),
      },
    );
  }
  // The shape was enforced while reading; what may be missing is `validate`'s business.
  return document as unknown as EcfDocument;
}

const ROOTS = new Map<string, Format>(
  FORMATS.filter((format) => !isTipoEcf(format)).map((format) => [formatTree(format).root, format]),
);

const ENTITY = /&(?:amp|lt|gt|#xD);/g;
const DECODED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&#xD;': '\r',
};

const decode = (text: string): string =>
  text.includes('&') ? text.replace(ENTITY, (entity) => DECODED[entity] ?? entity) : text;

const TIPO_TAG = '<TipoeCF>';

/** Scans canonical XML: every tag is `<name …>` or `</name>`, text holds four entities at most. */
class Reader {
  private at = 0;
  private readonly findings = new Findings();
  private signed = false;

  constructor(private readonly xml: string) {}

  document(): ReadResult {
    this.at = this.find('<', 0);
    while (this.xml.startsWith('<?', this.at)) {
      this.skipInstruction();
      this.at = this.find('<', this.at);
    }
    const name = this.openTag('');
    const format = name === 'ECF' ? this.tipo() : ROOTS.get(name);
    if (!format) {
      throw new AppError(
        'ecf.schema_invalid',
        {},
        {
          errors: [
            {
              pointer: '',
              code: 'ECF-FMT-16',
              message: `La raíz «${name.slice(0, 40)}» no es un documento e-CF.`,
            },
          ],
        },
      );
    }
    const document = this.container(name, shapeOf(format), '');
    return { format, document, findings: this.findings.list, signed: this.signed };
  }

  /** Type of an e-CF, looked up ahead: it decides which elements may follow. */
  private tipo(): TipoEcf {
    const at = this.xml.indexOf(TIPO_TAG) + TIPO_TAG.length;
    const tipo = this.xml.slice(at, this.xml.indexOf('<', at));
    if (isTipoEcf(tipo)) return tipo;
    this.findings.add('ECF-FMT-16', '/Encabezado/IdDoc/TipoeCF', { value: tipo.slice(0, 20) });
    return '31';
  }

  /** Content of a container up to and with its end tag. */
  private container(name: string, shape: Shape, path: string): Tree {
    const tree: Tree = {};
    let last = -1;
    for (;;) {
      this.between(name, path);
      if (this.xml.startsWith('</', this.at)) {
        this.closeTag();
        return tree;
      }
      const child = this.openTag(path);
      const member = shape.members.get(child);
      if (!member?.node) {
        this.stranger(child, shape, path);
        continue;
      }
      const repeats = member.node.max > 1;
      if (member.index < last || (member.index === last && !repeats)) {
        this.findings.add('ECF-FMT-17', `${path}/${child}`, { field: child });
      }
      if (this.signed && shape.node === undefined) {
        this.findings.add('ECF-FMT-17', `${path}/${child}`, { field: child });
      }
      last = Math.max(last, member.index);
      const earlier = tree[child];
      const entries = repeats && Array.isArray(earlier) ? (earlier as unknown[]) : [];
      const at = repeats ? `${path}/${child}/${entries.length}` : `${path}/${child}`;
      const value = member.node.type ? this.leaf(child, at) : this.container(child, member, at);
      if (repeats) entries.push(value);
      tree[child] = repeats ? entries : value;
    }
  }

  /** White space between elements is nobody's business; anything else is a fault. */
  private between(name: string, path: string): void {
    for (;;) {
      const next = this.find('<', this.at);
      if (this.xml.slice(this.at, next).trim() !== '') {
        this.findings.add('ECF-FMT-18', path, { field: name, what: 'texto' });
      }
      this.at = next;
      if (!this.xml.startsWith('<?', next)) return;
      this.findings.add('ECF-FMT-18', path, { field: name, what: 'instrucción de proceso' });
      this.skipInstruction();
    }
  }

  private leaf(name: string, path: string): string {
    let text = '';
    for (;;) {
      const next = this.find('<', this.at);
      text += decode(this.xml.slice(this.at, next));
      this.at = next;
      if (this.xml.startsWith('</', next)) {
        this.closeTag();
        return text;
      }
      this.findings.add('ECF-FMT-18', path, { field: name, what: 'elementos dentro de un valor' });
      if (this.xml.startsWith('<?', next)) this.skipInstruction();
      else this.skip();
    }
  }

  /** An element the format does not have: the signature in its place, or a fault. */
  private stranger(name: string, shape: Shape, path: string): void {
    this.skipContent();
    if (shape.node === undefined && !this.signed) this.signed = true;
    else this.findings.add('ECF-FMT-01', `${path}/${name}`, { field: name.slice(0, 60) });
  }

  private skip(): void {
    this.openTag(undefined);
    this.skipContent();
  }

  private skipContent(): void {
    for (let depth = 1; depth > 0;) {
      this.at = this.find('<', this.at);
      if (this.xml.startsWith('<?', this.at)) this.skipInstruction();
      else if (this.xml.startsWith('</', this.at)) {
        this.closeTag();
        depth--;
      } else {
        this.openTag(undefined);
        depth++;
      }
    }
  }

  private skipInstruction(): void {
    this.at = this.find('?>', this.at) + 2;
  }

  private find(text: string, from: number): number {
    const at = this.xml.indexOf(text, from);
    if (at < 0) throw new AppError('xml.malformed', { reason: text });
    return at;
  }

  /** Reads `<name attributes>`; attributes other than harmless ones are faults (path given). */
  private openTag(path: string | undefined): string {
    // In canonical XML `>` is escaped in texts, but not inside attribute values.
    const end = this.find('>', this.at);
    let tag = this.xml.slice(this.at + 1, end);
    const space = tag.indexOf(' ');
    if (space < 0) {
      this.at = end + 1;
      return tag;
    }
    const realEnd = this.tagEnd();
    tag = this.xml.slice(this.at + 1, realEnd);
    this.at = realEnd + 1;
    const name = tag.slice(0, space);
    if (path !== undefined && name !== 'Signature' && !harmless(tag.slice(space))) {
      this.findings.add('ECF-FMT-18', path, { field: name, what: 'atributos' });
    }
    return name;
  }

  private tagEnd(): number {
    let quoted = false;
    for (let index = this.at; ; index++) {
      const character = this.xml[index];
      if (character === '"') quoted = !quoted;
      else if (character === '>' && !quoted) return index;
      else if (character === undefined) throw new AppError('xml.malformed', { reason: 'tag' });
    }
  }

  private closeTag(): void {
    this.at = this.find('>', this.at) + 1;
  }
}

const ATTRIBUTE = / ([^\s=]+)="[^"]*"/g;

/** Prefix declarations and schema hints are all that the schemas let pass. */
function harmless(attributes: string): boolean {
  for (const [, name = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (!/^(xmlns:.+|xsi:(noNamespaceS|s)chemaLocation)$/.test(name)) return false;
  }
  return true;
}

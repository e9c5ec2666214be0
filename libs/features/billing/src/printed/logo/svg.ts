import { isUtf8 } from 'node:buffer';
import {
  ParseOption,
  XmlCData,
  XmlDocument,
  XmlElement,
  XmlText,
  type XmlAttribute,
} from 'libxml2-wasm';
import type { Size } from './limits.js';
import { logoFault } from './logo-fault.js';
import { classRules, declarations, type ClassRules, type Declarations } from './svg-style.js';
import { geometry, isDrawable, paint, refuseEffects } from './svg-values.js';

const SVG = 'http://www.w3.org/2000/svg';
const XHTML = 'http://www.w3.org/1999/xhtml';
const SAFE = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
const MAX_DEPTH = 32;
const MAX_ELEMENTS = 2_000;
/** In user units; a drawing has no pixels. */
const MAX_UNITS = 100_000;
const MAX_RATIO = 20;
/** Say nothing about what is seen. */
const SILENT: ReadonlySet<string> = new Set(['title', 'desc', 'metadata']);
/** Rooms for what is used elsewhere: unseen by themselves, and what uses them is refused. */
const UNSEEN: ReadonlySet<string> = new Set(['defs', 'symbol', 'clipPath', 'mask', 'style']);

/**
 * Reads an SVG and writes it anew from the few elements and attributes that draw shapes in plain
 * colours. What could run, load or refer to anything is refused; editors' notes are left behind.
 */
export function cleanSvg(bytes: Buffer): Size & { readonly body: Buffer } {
  const text = textOf(bytes);
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(Buffer.from(text), { option: SAFE, encoding: 'utf-8' });
  } catch (cause) {
    throw logoFault('damaged', { reason: 'no es XML bien formado' }, cause);
  }
  try {
    const { root } = document;
    if (root.name !== 'svg' || !isSvg(root)) throw logoFault('type', { expected: 'image/svg+xml' });
    const { x, y, width, height } = viewBoxOf(root);
    const drawn = new Writer(classRules(sheetsOf(root))).root(root);
    if (drawn === '') throw logoFault('damaged', { reason: 'no dibuja nada' });
    const box = `viewBox="${x} ${y} ${width} ${height}" width="${width}" height="${height}"`;
    const body = Buffer.from(`<svg xmlns="${SVG}" ${box}>${drawn}</svg>`);
    return { width: Math.ceil(width), height: Math.ceil(height), body };
  } finally {
    document.dispose();
  }
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw logoFault('damaged', { reason: 'no está en UTF-8' });
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw logoFault('svg_dtd');
  const instruction = /<\?[^\s?]*/.exec(text.replace(/^\s*<\?xml\s[^>]*\?>/, ''));
  if (instruction) throw logoFault('svg_external', { reason: instruction[0] });
  return text.trimStart();
}

/** Without a namespace it is meant as SVG too; written anew it has one. */
const isSvg = (element: XmlElement): boolean =>
  element.namespaceUri === SVG || element.namespaceUri === '';

function* childrenOf(element: XmlElement): Generator<XmlElement> {
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) yield node;
  }
}

/** Texts of every `style` element; also counts, measures and searches the whole tree. */
function sheetsOf(root: XmlElement): string[] {
  const sheets: string[] = [];
  let elements = 0;
  const visit = (element: XmlElement, depth: number): void => {
    elements += 1;
    if (depth > MAX_DEPTH) throw logoFault('svg_too_complex', { reason: `${MAX_DEPTH} niveles` });
    if (elements > MAX_ELEMENTS) {
      throw logoFault('svg_too_complex', { reason: `más de ${MAX_ELEMENTS} elementos` });
    }
    refuseCode(element);
    element.attrs.forEach(refuseReach);
    if (isSvg(element) && element.name === 'style') sheets.push(contentOf(element));
    for (const child of childrenOf(element)) visit(child, depth + 1);
  };
  visit(root, 1);
  return sheets;
}

function contentOf(element: XmlElement): string {
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlText || node instanceof XmlCData) text += node.content;
  }
  return text;
}

const CODE: ReadonlySet<string> = new Set([
  ...['script', 'foreignobject', 'handler', 'listener', 'iframe', 'object', 'embed'],
  ...['animate', 'animatetransform', 'animatemotion', 'set', 'audio', 'video'],
]);

/** Wherever it stands, also in parts that would be left behind: whoever sends code is told. */
function refuseCode(element: XmlElement): void {
  const name = element.name.toLowerCase();
  if (!CODE.has(name) && element.namespaceUri !== XHTML) return;
  throw logoFault('svg_script', { reason: `<${element.name.slice(0, 40)}>` });
}

function refuseReach(attribute: XmlAttribute): void {
  const name = attribute.name.toLowerCase();
  const { value } = attribute;
  if (name.startsWith('on')) throw logoFault('svg_script', { reason: `${name}="…"` });
  if (/(?:java|vb)script:/i.test(value.replace(/[\s\p{Cc}]/gu, ''))) {
    throw logoFault('svg_script', { reason: `${name}="javascript:…"` });
  }
  const reaches = name === 'href' || name === 'src' || name === 'base';
  if (reaches && !value.trim().startsWith('#')) {
    throw logoFault('svg_external', { reason: `${name}="${value.slice(0, 40)}"` });
  }
  if (/url\s*\(\s*(?!["']?\s*#)/i.test(value)) {
    throw logoFault('svg_external', { reason: `${name}="${value.slice(0, 40)}"` });
  }
}

interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

function viewBoxOf(root: XmlElement): Box {
  const stated = root
    .attr('viewBox')
    ?.value.trim()
    .split(/[\s,]+/)
    .map(Number);
  const side = (name: string): number => Number(root.attr(name)?.value.replace(/px$/, '') ?? NaN);
  const [x = NaN, y = NaN, width = NaN, height = NaN] = stated ?? [
    ...[0, 0, side('width'), side('height')],
  ];
  const ratio = Math.max(width / height, height / width);
  const sound = [x, y].every((one) => Math.abs(one) <= MAX_UNITS);
  if (!sound || !(ratio <= MAX_RATIO) || Math.max(width, height) > MAX_UNITS || width <= 0) {
    const reason = 'falta viewBox, o sus medidas no tienen sentido';
    throw logoFault('damaged', { reason });
  }
  return { x, y, width, height };
}

/** Writes shapes; everything it lets through was matched against a pattern of its own. */
class Writer {
  constructor(private readonly rules: ClassRules) {}

  root(root: XmlElement): string {
    const painted = this.attributes('g', root, (name) => name !== 'transform');
    const drawn = this.children(root);
    return painted === '' || drawn === '' ? drawn : `<g${painted}>${drawn}</g>`;
  }

  private children(parent: XmlElement): string {
    let text = '';
    for (const child of childrenOf(parent)) text += this.element(child);
    return text;
  }

  private element(element: XmlElement): string {
    if (!isSvg(element)) return '';
    const { name } = element;
    if (SILENT.has(name) || UNSEEN.has(name)) return '';
    if (!isDrawable(name)) throw logoFault('svg_element', { reason: `<${name.slice(0, 40)}>` });
    const style = this.styleOf(element);
    const hides = (property: string, value: string): boolean =>
      (element.attr(property)?.value ?? style.get(property)) === value;
    if (hides('display', 'none') || hides('visibility', 'hidden')) return '';
    const attributes = this.attributes(name, element, () => true);
    if (name !== 'g') return `<${name}${attributes}/>`;
    const drawn = this.children(element);
    return drawn === '' ? '' : `<g${attributes}>${drawn}</g>`;
  }

  private attributes(tag: string, element: XmlElement, wanted: (name: string) => boolean): string {
    const kept = new Map<string, string>();
    const keep = (name: string, value: string | undefined): void => {
      if (value !== undefined && wanted(name)) kept.set(name, value);
    };
    for (const { name, value, namespaceUri } of element.attrs) {
      if (namespaceUri !== '') continue;
      refuseEffects(name, value);
      keep(name, geometry(tag, name, value) ?? paint(name, value));
    }
    // A sheet outweighs attributes, and `style` outweighs the sheet.
    for (const [name, value] of this.styleOf(element)) {
      refuseEffects(name, value);
      keep(name, paint(name, value));
    }
    return [...kept].map(([name, value]) => ` ${name}="${value}"`).join('');
  }

  private styleOf(element: XmlElement): Declarations {
    const classes = element.attr('class')?.value.split(/\s+/) ?? [];
    return new Map([
      ...[...this.rules].flatMap(([name, rule]) => (classes.includes(name) ? [...rule] : [])),
      ...declarations(element.attr('style')?.value ?? ''),
    ]);
  }
}

import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm';
import { pathOperators, pdfNumber, transformOperator } from './svg-path.js';
import { colorOperator, lineOperators, styleOf, ROOT_STYLE, type Style } from './svg-style.js';

/** A drawing reduced to PDF operators; its y axis points down, its origin is the view box's. */
export interface SvgDrawing {
  readonly kind: 'svg';
  readonly width: number;
  readonly height: number;
  readonly operators: string;
}

export interface SvgFault {
  /** Spanish: what the drawing holds that cannot be printed. */
  readonly fault: string;
}

const SAFE = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
const MAX_ELEMENTS = 5_000;
const MAX_DEPTH = 32;
const SILENT = new Set(['title', 'desc', 'metadata', 'namedview']);
const SHAPES = new Set(['path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon']);

/**
 * Reads an SVG logo: shapes with plain colours. Scripts, texts, images, style sheets and
 * references to anything outside are refused, not ignored: a logo that prints incompletely is
 * worse than none.
 */
export function svgDrawing(bytes: Uint8Array): SvgDrawing | SvgFault {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (/<!DOCTYPE|<!ENTITY|<\?(?!xml\s)/i.test(text)) {
    return { fault: 'El SVG contiene DOCTYPE, entidades o instrucciones de proceso.' };
  }
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(bytes, { option: SAFE });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : '';
    return { fault: `El SVG no es XML bien formado: ${reason}.` };
  }
  try {
    return new Reader().drawing(document.root);
  } finally {
    document.dispose();
  }
}

class Reader {
  private readonly operators: string[] = [];
  private elements = 0;
  private fault: string | undefined;

  drawing(root: XmlElement): SvgDrawing | SvgFault {
    const box = (attribute(root, 'viewBox') ?? '')
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    const [left = 0, top = 0, boxWidth = NaN, boxHeight = NaN] = box;
    const width = boxWidth > 0 ? boxWidth : Number.parseInt(attribute(root, 'width') ?? '', 10);
    const height = boxHeight > 0 ? boxHeight : Number.parseInt(attribute(root, 'height') ?? '', 10);
    if (root.name !== 'svg' || !(width > 0) || !(height > 0)) {
      return { fault: 'El SVG no dice su tamaño: falta viewBox, o width y height.' };
    }
    if (left !== 0 || top !== 0)
      this.operators.push(`1 0 0 1 ${pdfNumber(-left)} ${pdfNumber(-top)} cm`);
    this.group(root, ROOT_STYLE, 0);
    return this.fault === undefined
      ? { kind: 'svg', width, height, operators: this.operators.join('\n') }
      : { fault: this.fault };
  }

  private group(parent: XmlElement, inherited: Style, depth: number): void {
    for (let node = parent.firstChild; node; node = node.next) {
      if (node instanceof XmlElement) this.element(node, inherited, depth + 1);
      if (this.fault !== undefined) return;
    }
  }

  private element(element: XmlElement, inherited: Style, depth: number): void {
    this.elements += 1;
    const { name } = element;
    if (this.elements > MAX_ELEMENTS || depth > MAX_DEPTH) {
      this.fault = 'El SVG es demasiado complejo.';
    } else if (SILENT.has(name) || (name === 'defs' && !element.firstChild)) {
      return;
    } else if (name !== 'g' && !SHAPES.has(name)) {
      this.fault =
        `El SVG contiene «${name.slice(0, 30)}», que no se imprime: ` +
        'exporte el logo como formas (trazados) con colores planos.';
    } else {
      this.draw(element, inherited, depth);
    }
  }

  private draw(element: XmlElement, inherited: Style, depth: number): void {
    const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
    const style = styleOf(attributes, inherited);
    const transform = transformOperator(attributes.get('transform') ?? '');
    if ('fault' in style || transform === undefined) {
      this.fault =
        'fault' in style ? style.fault : 'El SVG tiene una transformación que no se lee.';
      return;
    }
    if (style.hidden) return;
    this.operators.push('q');
    if (transform !== '') this.operators.push(transform);
    if (element.name === 'g') this.group(element, style, depth);
    else this.shape(element.name, attributes, style);
    this.operators.push('Q');
  }

  private shape(name: string, attributes: ReadonlyMap<string, string>, style: Style): void {
    const path = pathOperators(name, attributes);
    if (path === undefined) {
      this.fault = 'El SVG tiene un trazado que no se lee.';
      return;
    }
    const fill = style.fill !== undefined && name !== 'line';
    const stroke = style.stroke !== undefined && style.strokeWidth > 0;
    if (path === '' || (!fill && !stroke)) return;
    if (style.fill)
      this.operators.push(colorOperator(style.fill, style.fillOpacity * style.opacity, 'rg'));
    if (style.stroke) {
      this.operators.push(colorOperator(style.stroke, style.strokeOpacity * style.opacity, 'RG'));
      this.operators.push(lineOperators(style));
    }
    const rule = style.evenOdd ? '*' : '';
    this.operators.push(path, fill ? `${stroke ? 'B' : 'f'}${rule}` : 'S');
  }
}

const attribute = (element: XmlElement, name: string): string | undefined =>
  element.attrs.find((attr) => attr.name === name)?.value;

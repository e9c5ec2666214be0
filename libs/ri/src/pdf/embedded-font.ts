import { deflateSync } from 'node:zlib';
import type { Font } from '../fonts/font.js';
import { subsetOf } from '../fonts/subset.js';

/** What most documents are written with: Latin letters, digits, signs. */
const BASE: readonly number[] = [
  ...range(0x20, 0x7e),
  ...range(0xa0, 0xff),
  ...Array.from('ŒœŠšŸŽžƒ–—‘’‚“”„†‡•…‰‹›€™−≤≥', (letter) => letter.codePointAt(0) ?? 0),
];

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Objects of one embedded font, ready to be written into any number of documents. */
export interface FontObjects {
  readonly name: string;
  readonly file: Uint8Array;
  readonly fileLength: number;
  readonly toUnicode: Uint8Array;
  readonly widths: readonly number[];
  readonly descriptor: Readonly<Record<string, unknown>>;
}

const bases = new WeakMap<Font, FontObjects>();

/** Glyphs of one font as one document uses them: the common ones, and its own beyond those. */
export class EmbeddedFont {
  private readonly extra = new Map<number, string>();

  constructor(private readonly font: Font) {}

  /** The text as a PDF hexadecimal string of glyph numbers. */
  encode(text: string): string {
    let codes = '<';
    for (let index = 0; index < text.length; index++) {
      const codePoint = text.codePointAt(index) ?? 0;
      if (codePoint > 0xffff) index++;
      codes += BASE_CODES.get(codePoint) ?? this.extraCode(codePoint);
    }
    return `${codes}>`;
  }

  /** A character the font lacks gets a number too, so that the text can still be copied. */
  private extraCode(codePoint: number): string {
    let code = this.extra.get(codePoint);
    if (code === undefined) {
      code = hex(1 + BASE.length + this.extra.size);
      this.extra.set(codePoint, code);
    }
    return code;
  }

  objects(): FontObjects {
    if (this.extra.size > 0) return objectsOf(this.font, [...BASE, ...this.extra.keys()]);
    let base = bases.get(this.font);
    if (!base) bases.set(this.font, (base = objectsOf(this.font, BASE)));
    return base;
  }
}

const hex = (code: number): string => code.toString(16).padStart(4, '0');
const BASE_CODES: ReadonlyMap<number, string> = new Map(
  BASE.map((codePoint, index) => [codePoint, hex(index + 1)] as const),
);

function objectsOf(font: Font, characters: readonly number[]): FontObjects {
  const { file, scale } = font;
  const glyphs = [0, ...characters.map((character) => file.glyphOf(character))];
  const bytes = subsetOf(file, glyphs);
  const inThousandths = (units: number) => Math.round(units * scale * 1000);
  const bold = font.name === 'bold';
  return {
    // Six letters name the subset; the same letters for the same glyphs.
    name: `${bold ? 'ECFRIB' : 'ECFRIA'}+DejaVuSansCondensed${bold ? '-Bold' : ''}`,
    file: deflateSync(bytes),
    fileLength: bytes.length,
    toUnicode: deflateSync(toUnicode(characters)),
    widths: glyphs.map((glyph) => inThousandths(file.metricsOf(glyph).advance)),
    descriptor: {
      Flags: 32,
      FontBBox: file.box.map(inThousandths),
      ItalicAngle: 0,
      Ascent: inThousandths(file.ascent),
      Descent: inThousandths(file.descent),
      CapHeight: 729,
      StemV: bold ? 140 : 80,
    },
  };
}

const PER_BLOCK = 100;

/** Glyph number → character (ISO 32000-1, 9.10.3), so that text can be searched and copied. */
function toUnicode(characters: readonly number[]): string {
  const entries = characters.map((character, index) => {
    const units = String.fromCodePoint(character);
    const target = Array.from({ length: units.length }, (_, at) => hex(units.charCodeAt(at)));
    return `<${hex(index + 1)}> <${target.join('')}>`;
  });
  const blocks: string[] = [];
  for (let at = 0; at < entries.length; at += PER_BLOCK) {
    const block = entries.slice(at, at + PER_BLOCK);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
    '1 begincodespacerange <0000> <ffff> endcodespacerange',
    ...blocks,
    'endcmap CMapName currentdict /CMap defineresource pop end end',
  ].join('\n');
}

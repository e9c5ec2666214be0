import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TrueType } from './true-type.js';

export type FontName = 'regular' | 'bold';

const FILES: Readonly<Record<FontName, string>> = {
  regular: 'DejaVuSansCondensed.ttf',
  bold: 'DejaVuSansCondensed-Bold.ttf',
};

/** Widths by code point, kept for the whole of the alphabets people write in here. */
const KEPT = 0x2200;

/** A font of the package, read once per process; widths and glyphs of any character. */
export class Font {
  private readonly widths = new Float64Array(KEPT).fill(-1);
  readonly scale: number;

  constructor(
    readonly name: FontName,
    readonly file: TrueType,
  ) {
    this.scale = 1 / file.unitsPerEm;
  }

  /** Width of one character, in em. A character the font lacks is drawn as its «missing» box. */
  private widthOfCodePoint(codePoint: number): number {
    const known = codePoint < KEPT ? (this.widths[codePoint] ?? -1) : -1;
    if (known >= 0) return known;
    const width = this.file.metricsOf(this.file.glyphOf(codePoint)).advance * this.scale;
    if (codePoint < KEPT) this.widths[codePoint] = width;
    return width;
  }

  /** Width of a text of this size, in points. */
  widthOf(text: string, size: number): number {
    let width = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < KEPT) {
        const known = this.widths[code] ?? -1;
        width += known >= 0 ? known : this.widthOfCodePoint(code);
        continue;
      }
      const codePoint = text.codePointAt(index) ?? code;
      if (codePoint > 0xffff) index++;
      width += this.widthOfCodePoint(codePoint);
    }
    return width * size;
  }
}

const fonts = new Map<FontName, Font>();

/** DejaVu Sans Condensed: free, narrow, with every letter Spanish needs. */
export function fontOf(name: FontName): Font {
  let font = fonts.get(name);
  if (!font) {
    const path = createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${FILES[name]}`);
    font = new Font(name, new TrueType(readFileSync(path)));
    fonts.set(name, font);
  }
  return font;
}

import { viewOf, type TrueType } from './true-type.js';

const COMPONENT = { words: 0x1, scale: 0x8, more: 0x20, scales: 0x40, matrix: 0x80, code: 0x100 };

/**
 * A font file with these glyphs only, renumbered in this order (components of accented letters come
 * last) and without hinting, which paper and PDF viewers do without.
 */
export function subsetOf(font: TrueType, glyphs: readonly number[]): Uint8Array {
  const order = [...glyphs];
  const numbers = new Map<number, number>();
  glyphs.forEach((glyph, index) => {
    if (!numbers.has(glyph)) numbers.set(glyph, index);
  });
  const numberOf = (glyph: number): number => {
    let number = numbers.get(glyph);
    if (number === undefined) {
      number = order.push(glyph) - 1;
      numbers.set(glyph, number);
    }
    return number;
  };
  const outlines: Uint8Array[] = [];
  for (let index = 0; index < order.length; index++) {
    outlines.push(withoutHinting(font.outlineOf(order[index] ?? 0), numberOf));
  }
  const loca = new Uint8Array((outlines.length + 1) * 4);
  const hmtx = new Uint8Array(outlines.length * 4);
  const glyf = new Uint8Array(outlines.reduce((sum, { length }) => sum + padded(length), 0));
  let at = 0;
  outlines.forEach((outline, index) => {
    glyf.set(outline, at);
    at += padded(outline.length);
    viewOf(loca).setUint32((index + 1) * 4, at);
    const { advance, bearing } = font.metricsOf(order[index] ?? 0);
    viewOf(hmtx).setUint16(index * 4, advance);
    viewOf(hmtx).setInt16(index * 4 + 2, bearing);
  });
  const head = font.table('head').slice();
  viewOf(head).setUint32(8, 0);
  viewOf(head).setInt16(50, 1);
  const hhea = font.table('hhea').slice();
  viewOf(hhea).setUint16(34, outlines.length);
  const maxp = font.table('maxp').slice();
  viewOf(maxp).setUint16(4, outlines.length);
  return fileOf({ glyf, head, hhea, hmtx, loca, maxp });
}

const padded = (length: number): number => (length + 3) & ~3;

function withoutHinting(outline: Uint8Array, numberOf: (glyph: number) => number): Uint8Array {
  if (outline.length === 0) return outline;
  const view = viewOf(outline);
  const contours = view.getInt16(0);
  return contours < 0
    ? composite(outline.slice(), numberOf)
    : simple(outline, view, 10 + contours * 2);
}

/** Instructions stand between the ends of the contours and the points. */
function simple(outline: Uint8Array, view: DataView, lengthAt: number): Uint8Array {
  const points = lengthAt + 2 + view.getUint16(lengthAt);
  const result = new Uint8Array(lengthAt + 2 + outline.length - points);
  result.set(outline.subarray(0, lengthAt));
  result.set(outline.subarray(points), lengthAt + 2);
  return result;
}

/** A letter made of others: their numbers change; instructions follow the last component. */
function composite(copy: Uint8Array, numberOf: (glyph: number) => number): Uint8Array {
  const view = viewOf(copy);
  for (let at = 10; ;) {
    const flags = view.getUint16(at);
    view.setUint16(at, flags & ~COMPONENT.code);
    view.setUint16(at + 2, numberOf(view.getUint16(at + 2)));
    at += 4 + (flags & COMPONENT.words ? 4 : 2);
    if (flags & COMPONENT.scale) at += 2;
    else if (flags & COMPONENT.scales) at += 4;
    else if (flags & COMPONENT.matrix) at += 8;
    if (!(flags & COMPONENT.more)) return copy.subarray(0, at);
  }
}

const TRUE_TYPE = 0x00010000;
const HEADER = 12;
const ENTRY = 16;

function fileOf(tables: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries = Object.entries(tables);
  const start = HEADER + entries.length * ENTRY;
  const size = entries.reduce((sum, [, { length }]) => sum + padded(length), start);
  const file = new Uint8Array(size);
  const view = viewOf(file);
  const power = Math.floor(Math.log2(entries.length));
  view.setUint32(0, TRUE_TYPE);
  view.setUint16(4, entries.length);
  view.setUint16(6, 16 << power);
  view.setUint16(8, power);
  view.setUint16(10, entries.length * 16 - (16 << power));
  let at = start;
  entries.forEach(([tag, table], index) => {
    const entry = HEADER + index * ENTRY;
    for (let letter = 0; letter < 4; letter++) file[entry + letter] = tag.charCodeAt(letter);
    file.set(table, at);
    view.setUint32(entry + 4, checksum(view, at, padded(table.length)));
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, table.length);
    at += padded(table.length);
  });
  return file;
}

function checksum(view: DataView, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}

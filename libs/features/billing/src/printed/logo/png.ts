import { deflateSync, inflateSync } from 'node:zlib';
import type { Size } from './limits.js';
import {
  GREY,
  GREY_ALPHA,
  PALETTE,
  RGB,
  RGB_ALPHA,
  damaged,
  readPng,
  writePng,
  type PngFile,
} from './png-chunks.js';

/**
 * A PNG that every renderer embeds as it is: no transparency, no interlacing, no text, no profile.
 * What is transparent is laid on white, the colour of the page; otherwise the pixels stay untouched.
 */
export function cleanPng(bytes: Buffer): Size & { readonly body: Buffer } {
  const file = readPng(bytes);
  const { width, height } = file;
  const raw = inflate(file);
  const passes = passesOf(file);
  for (const pass of passes) unfilter(raw, pass, file);
  const plain = !file.interlaced && !hasTransparency(file);
  if (plain) return { width, height, body: writePng(file) };
  const rows = flatten(raw, passes, file);
  const body = writePng({
    ...{ width, height, depth: 8, colorType: RGB, palette: null },
    data: deflateSync(filtered(rows, width * CHANNELS), { level: 9 }),
  });
  return { width, height, body };
}

const hasTransparency = ({ colorType, transparency }: PngFile): boolean =>
  transparency !== null || colorType === GREY_ALPHA || colorType === RGB_ALPHA;

/** Of what is written: 8-bit RGB. */
const CHANNELS = 3;
/** None, Sub, Up and Paeth. */
const FILTERS = [0, 1, 2, 4] as const;

/** One grid of pixels inside the image; all of it, unless interlaced. */
interface Pass extends Size {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  /** Where its rows begin in the inflated data. */
  readonly start: number;
  readonly rowBytes: number;
}

/** Adam7 (ISO/IEC 15948, 8.2): first column, first row, steps. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function passesOf(file: PngFile): Pass[] {
  const grids = file.interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const);
  const passes: Pass[] = [];
  let start = 0;
  for (const [x, y, dx, dy] of grids) {
    const width = Math.ceil((file.width - x) / dx);
    const height = Math.ceil((file.height - y) / dy);
    if (width <= 0 || height <= 0) continue;
    const rowBytes = Math.ceil((width * file.channels * file.depth) / 8);
    passes.push({ x, y, dx, dy, width, height, start, rowBytes });
    start += height * (rowBytes + 1);
  }
  return passes;
}

/** Never more than the stated dimensions need: a bomb ends here. */
function inflate(file: PngFile): Buffer {
  const expected = passesOf(file).reduce(
    (bytes, { height, rowBytes }) => bytes + height * (rowBytes + 1),
    0,
  );
  let raw: Buffer;
  try {
    raw = inflateSync(file.data, { maxOutputLength: expected });
  } catch (cause) {
    throw damaged('los píxeles no se pueden descomprimir', cause);
  }
  if (raw.length !== expected) throw damaged('faltan píxeles');
  return raw;
}

/** Undoes the filters of a pass in place (ISO/IEC 15948, 9.2). */
function unfilter(raw: Buffer, { start, height, rowBytes }: Pass, file: PngFile): void {
  const step = Math.max(1, (file.channels * file.depth) >> 3);
  for (let row = 0; row < height; row += 1) {
    const at = start + row * (rowBytes + 1);
    const filter = raw[at] ?? 0;
    if (filter > 4) throw damaged('un filtro no existe');
    if (filter === 0) continue;
    for (let column = 0; column < rowBytes; column += 1) {
      const here = at + 1 + column;
      const left = column >= step ? (raw[here - step] ?? 0) : 0;
      const up = row > 0 ? (raw[here - rowBytes - 1] ?? 0) : 0;
      const corner = column >= step && row > 0 ? (raw[here - rowBytes - 1 - step] ?? 0) : 0;
      raw[here] = (raw[here] ?? 0) + prediction(filter, left, up, corner);
    }
  }
}

function prediction(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [
    Math.abs(estimate - left),
    Math.abs(estimate - up),
    Math.abs(estimate - corner),
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Rows of 8-bit RGB on white, each behind a filter byte of 0. */
function flatten(raw: Buffer, passes: readonly Pass[], file: PngFile): Buffer {
  const rowBytes = file.width * CHANNELS + 1;
  const rows = Buffer.alloc(file.height * rowBytes);
  const colorOf = colorReader(raw, file);
  for (const pass of passes) {
    for (let row = 0; row < pass.height; row += 1) {
      const from = pass.start + row * (pass.rowBytes + 1) + 1;
      const into = (pass.y + row * pass.dy) * rowBytes + 1;
      for (let column = 0; column < pass.width; column += 1) {
        const { red, green, blue, alpha } = colorOf(from, column);
        const to = into + (pass.x + column * pass.dx) * CHANNELS;
        rows[to] = onWhite(red, alpha);
        rows[to + 1] = onWhite(green, alpha);
        rows[to + 2] = onWhite(blue, alpha);
      }
    }
  }
  return rows;
}

/** Row by row the filter whose result varies least (ISO/IEC 15948, 12.8): gradients shrink tenfold. */
function filtered(rows: Buffer, rowBytes: number): Buffer {
  const result = Buffer.alloc(rows.length);
  const candidate = Buffer.alloc(rowBytes + 1);
  for (let start = 0; start < rows.length; start += rowBytes + 1) {
    let least = Infinity;
    for (const filter of FILTERS) {
      candidate[0] = filter;
      let sum = 0;
      for (let column = 1; column <= rowBytes && sum < least; column += 1) {
        const at = start + column;
        const left = column > CHANNELS ? (rows[at - CHANNELS] ?? 0) : 0;
        const up = start > 0 ? (rows[at - rowBytes - 1] ?? 0) : 0;
        const inside = column > CHANNELS && start > 0;
        const corner = inside ? (rows[at - rowBytes - 1 - CHANNELS] ?? 0) : 0;
        const guess = filter === 0 ? 0 : prediction(filter, left, up, corner);
        const difference = ((rows[at] ?? 0) - guess) & 0xff;
        candidate[column] = difference;
        sum += difference < 128 ? difference : 256 - difference;
      }
      if (sum >= least) continue;
      least = sum;
      candidate.copy(result, start);
    }
  }
  return result;
}

const onWhite = (value: number, alpha: number): number =>
  Math.round((value * alpha + 255 * (255 - alpha)) / 255);

interface Color {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

/** Reads the pixel of a column in the row that begins at `from`; the answer is used at once. */
function colorReader(raw: Buffer, file: PngFile): (from: number, column: number) => Color {
  const { depth, channels, colorType, palette, transparency } = file;
  const color: Color = { red: 0, green: 0, blue: 0, alpha: 255 };
  const sample = sampleReader(raw, file);
  const full = 2 ** depth - 1;
  const eight = (value: number): number => Math.round((value * 255) / full);
  const key = transparency === null || colorType === PALETTE ? null : keyOf(transparency, channels);
  return (from, column) => {
    const first = sample(from, column * channels);
    if (colorType === PALETTE) {
      color.red = palette?.[first * 3] ?? 0;
      color.green = palette?.[first * 3 + 1] ?? 0;
      color.blue = palette?.[first * 3 + 2] ?? 0;
      color.alpha = transparency?.[first] ?? 255;
      return color;
    }
    const grey = colorType === GREY || colorType === GREY_ALPHA;
    const second = grey ? first : sample(from, column * channels + 1);
    const third = grey ? first : sample(from, column * channels + 2);
    color.red = eight(first);
    color.green = eight(second);
    color.blue = eight(third);
    if (key !== null) {
      color.alpha = first === key[0] && second === key[1] && third === key[2] ? 0 : 255;
    } else if (colorType === GREY_ALPHA || colorType === RGB_ALPHA) {
      color.alpha = eight(sample(from, column * channels + channels - 1));
    }
    return color;
  };
}

/** The one colour that is transparent, of images without an alpha channel. */
function keyOf(transparency: Buffer, channels: number): readonly [number, number, number] {
  if (transparency.length !== channels * 2) throw damaged('la transparencia está incompleta');
  const at = (index: number): number => transparency.readUInt16BE(index * 2);
  return channels === 1 ? [at(0), at(0), at(0)] : [at(0), at(1), at(2)];
}

function sampleReader(raw: Buffer, { depth }: PngFile): (from: number, index: number) => number {
  if (depth === 8) return (from, index) => raw[from + index] ?? 0;
  if (depth === 16) return (from, index) => raw.readUInt16BE(from + index * 2);
  const perByte = 8 / depth;
  const mask = 2 ** depth - 1;
  return (from, index) => {
    const byte = raw[from + Math.floor(index / perByte)] ?? 0;
    return (byte >> (8 - depth * ((index % perByte) + 1))) & mask;
  };
}

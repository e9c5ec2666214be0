import { deflateSync, inflateSync } from 'node:zlib';
import type { RasterLogo } from './logo.js';

const SIGNATURE = '89504e470d0a1a0a';
const GRAY = 0;
const RGB = 2;
const PALETTE = 3;
const GRAY_ALPHA = 4;
const RGB_ALPHA = 6;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Png {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly color: number;
  readonly interlaced: boolean;
  readonly palette: Buffer | undefined;
  readonly transparency: Buffer | undefined;
  readonly data: Buffer;
}

/** Size of a PNG; undefined for what is no PNG or cannot be printed. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  const png = parse(bytes);
  return png && !png.interlaced && CHANNELS[png.color] !== undefined ? png : undefined;
}

/** Whether its data hold every pixel; throws what zlib throws for data that are none. */
export function pngIsComplete(bytes: Uint8Array): boolean {
  const png = parse(bytes);
  if (!png) return false;
  const expected = (rowBytesOf(png) + 1) * png.height;
  return inflateSync(png.data, { maxOutputLength: expected + SLACK }).length >= expected;
}

/** A PNG as PDF images: the colours, and what shines through them as a mask of its own. */
export function pngImage(bytes: Uint8Array): RasterLogo | undefined {
  const png = parse(bytes);
  if (!png || png.interlaced) return undefined;
  const { width, height, bits, color, data } = png;
  const channels = CHANNELS[color];
  if (channels === undefined) return undefined;
  if (png.transparency || color === GRAY_ALPHA || color === RGB_ALPHA) return separated(png);
  return {
    kind: 'raster',
    width,
    height,
    bits,
    colorSpace: color === GRAY ? 'DeviceGray' : color === RGB ? 'DeviceRGB' : 'Indexed',
    filter: 'FlateDecode',
    predictor: { Predictor: 15, Colors: channels, BitsPerComponent: bits, Columns: width },
    data,
    ...(png.palette && { palette: png.palette }),
  };
}

function parse(input: Uint8Array): Png | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.toString('hex', 0, 8) !== SIGNATURE || bytes.length < 33) return undefined;
  const parts: Buffer[] = [];
  let palette: Buffer | undefined;
  let transparency: Buffer | undefined;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (kind === 'IDAT') parts.push(content);
    else if (kind === 'PLTE') palette = content;
    else if (kind === 'tRNS') transparency = content;
    at += 12 + length;
  }
  const color = bytes[25] ?? 0;
  if (parts.length === 0 || (color === PALETTE && !palette)) return undefined;
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    bits: bytes[24] ?? 8,
    color,
    interlaced: bytes[28] === 1,
    palette,
    transparency,
    data: Buffer.concat(parts),
  };
}

/** Colours and opacity apart, eight bits each. */
function separated(png: Png): RasterLogo {
  const { width, height, bits, color } = png;
  const samples = unfiltered(png);
  const gray = color === GRAY || color === GRAY_ALPHA;
  const colors = Buffer.alloc(width * height * (gray ? 1 : 3));
  const opacity = Buffer.alloc(width * height, 255);
  const channels = CHANNELS[color] ?? 1;
  const clear = png.transparency;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const row = Math.floor(pixel / width);
    const sample = (channel: number) => samples(row, (pixel - row * width) * channels + channel);
    if (color === PALETTE) {
      const index = sample(0);
      png.palette?.copy(colors, pixel * 3, index * 3, index * 3 + 3);
      opacity[pixel] = clear?.[index] ?? 255;
      continue;
    }
    const count = gray ? 1 : 3;
    let matches = clear !== undefined;
    for (let channel = 0; channel < count; channel++) {
      const value = sample(channel);
      if (clear && clear.readUInt16BE(channel * 2) !== value) matches = false;
      colors[pixel * count + channel] = toByte(value, bits);
    }
    if (channels > count) opacity[pixel] = toByte(sample(count), bits);
    else if (matches) opacity[pixel] = 0;
  }
  return {
    kind: 'raster',
    width,
    height,
    bits: 8,
    colorSpace: gray ? 'DeviceGray' : 'DeviceRGB',
    filter: 'FlateDecode',
    data: deflateSync(colors),
    opacity: deflateSync(opacity),
  };
}

const toByte = (value: number, bits: number): number =>
  bits === 16 ? value >> 8 : bits === 8 ? value : Math.round((value * 255) / ((1 << bits) - 1));

/** Data after the last row are nobody's business, but not without end. */
const SLACK = 1024;

const rowBytesOf = ({ width, bits, color }: Pick<Png, 'width' | 'bits' | 'color'>): number =>
  Math.ceil((width * (CHANNELS[color] ?? 1) * bits) / 8);

/** Undoes the filters of the rows (PNG 3rd edition, 9); answers a reader of samples. */
function unfiltered({ width, height, bits, color, data }: Png) {
  const channels = CHANNELS[color] ?? 1;
  const rowBytes = rowBytesOf({ width, bits, color });
  const before = Math.max(1, (channels * bits) >> 3);
  const raw = inflateSync(data, { maxOutputLength: (rowBytes + 1) * height + SLACK });
  const rows = Buffer.alloc(rowBytes * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (rowBytes + 1)] ?? 0;
    for (let index = 0; index < rowBytes; index++) {
      const at = row * rowBytes + index;
      const left = index >= before ? (rows[at - before] ?? 0) : 0;
      const up = row > 0 ? (rows[at - rowBytes] ?? 0) : 0;
      const corner = row > 0 && index >= before ? (rows[at - rowBytes - before] ?? 0) : 0;
      const value = raw[row * (rowBytes + 1) + 1 + index] ?? 0;
      rows[at] = value + predicted(filter, left, up, corner);
    }
  }
  return (row: number, sample: number): number => {
    const start = row * rowBytes;
    if (bits === 16) return rows.readUInt16BE(start + sample * 2);
    if (bits === 8) return rows[start + sample] ?? 0;
    const bit = sample * bits;
    return ((rows[start + (bit >> 3)] ?? 0) >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
  };
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

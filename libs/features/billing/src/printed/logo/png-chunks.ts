import { crc32 } from './crc32.js';
import { checkSize, type Size } from './limits.js';
import { logoFault } from './logo-fault.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const HEADER_BYTES = 13;

/** Colour types of PNG and the bit depths each may have (ISO/IEC 15948, table 11.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
export const GREY = 0;
export const RGB = 2;
export const PALETTE = 3;
export const GREY_ALPHA = 4;
export const RGB_ALPHA = 6;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export interface PngFile extends Size {
  readonly depth: number;
  readonly colorType: number;
  readonly channels: number;
  readonly interlaced: boolean;
  readonly palette: Buffer | null;
  /** `tRNS`: what is transparent in an image without an alpha channel. */
  readonly transparency: Buffer | null;
  /** Still compressed. */
  readonly data: Buffer;
}

export const isPng = (bytes: Buffer): boolean =>
  bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);

/** The critical chunks of a PNG, with their checksums verified; the others are left behind. */
export function readPng(bytes: Buffer): PngFile {
  let header: Omit<PngFile, 'palette' | 'transparency' | 'data'> | undefined;
  let palette: Buffer | null = null;
  let transparency: Buffer | null = null;
  const data: Buffer[] = [];
  for (const { type, body } of chunks(bytes)) {
    if (header === undefined) {
      if (type !== 'IHDR') throw damaged('no empieza por IHDR');
      header = readHeader(body);
    } else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') transparency = body;
    else if (type === 'IDAT') data.push(body);
    else if (type === 'IHDR' || isUnknownCritical(type)) throw damaged(`bloque ${type} inesperado`);
  }
  if (header === undefined || data.length === 0) throw damaged('no trae imagen');
  const { colorType } = header;
  if (colorType === PALETTE && (palette === null || palette.length === 0)) {
    throw damaged('falta la paleta');
  }
  if (palette !== null && (palette.length % 3 !== 0 || palette.length > 256 * 3)) {
    throw damaged('la paleta está incompleta');
  }
  return { ...header, palette, transparency, data: Buffer.concat(data) };
}

/** Upper case: whoever does not know the chunk cannot show the image. */
const isUnknownCritical = (type: string): boolean => /^[A-Z]/.test(type) && type !== 'IEND';

function* chunks(bytes: Buffer): Generator<{ type: string; body: Buffer }> {
  for (let at = SIGNATURE.length; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const end = at + 8 + length;
    if (end + 4 > bytes.length) break;
    const named = bytes.subarray(at + 4, end);
    if (crc32(named) !== bytes.readUInt32BE(end)) throw damaged('una suma de control no cuadra');
    const type = named.toString('latin1', 0, 4);
    yield { type, body: named.subarray(4) };
    if (type === 'IEND') return;
    at = end + 4;
  }
  throw damaged('termina antes de tiempo');
}

function readHeader(body: Buffer): Omit<PngFile, 'palette' | 'transparency' | 'data'> {
  if (body.length !== HEADER_BYTES) throw damaged('el encabezado está incompleto');
  const size = { width: body.readUInt32BE(0), height: body.readUInt32BE(4) };
  checkSize(size);
  const [depth = 0, colorType = 0, compression, filter, interlace] = body.subarray(8);
  const channels = CHANNELS[colorType];
  if (channels === undefined || DEPTHS[colorType]?.includes(depth) !== true) {
    throw damaged(`modo de color ${colorType}/${depth}`);
  }
  if (compression !== 0 || filter !== 0 || (interlace !== 0 && interlace !== 1)) {
    throw damaged('usa una compresión desconocida');
  }
  return { ...size, depth, colorType, channels, interlaced: interlace === 1 };
}

/** A PNG with nothing but what it needs to be shown. */
export function writePng(file: Omit<PngFile, 'channels' | 'transparency' | 'interlaced'>): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(file.width, 0);
  header.writeUInt32BE(file.height, 4);
  header.set([file.depth, file.colorType, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...(file.palette === null ? [] : [chunk('PLTE', file.palette)]),
    chunk('IDAT', file.data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const edges = Buffer.alloc(8);
  edges.writeUInt32BE(body.length, 0);
  edges.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([edges.subarray(0, 4), named, edges.subarray(4)]);
}

export const damaged = (reason: string, cause?: unknown) => logoFault('damaged', { reason }, cause);

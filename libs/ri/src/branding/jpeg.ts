import type { RasterLogo } from './logo.js';

const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const COLORS: Readonly<Record<number, RasterLogo['colorSpace']>> = {
  1: 'DeviceGray',
  3: 'DeviceRGB',
  4: 'DeviceCMYK',
};

/** A JPEG as a PDF image, embedded as it is; undefined for what PDF readers could not show. */
export function jpegImage(input: Uint8Array): RasterLogo | undefined {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 10 <= bytes.length;) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (FRAMES.has(marker)) {
      const colorSpace = COLORS[bytes[at + 9] ?? 0];
      const [height, width] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7)];
      if (!colorSpace || width === 0 || height === 0) return undefined;
      const size = { width, height, bits: bytes[at + 4] ?? 8 };
      return { kind: 'raster', ...size, colorSpace, filter: 'DCTDecode', data: bytes };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

import { deflateSync } from 'node:zlib';

const MOST_COLORS = 256;
/** Levels a channel is reduced to: as many as give a palette. */
const LEVELS = [255, 85, 51, 31, 21, 15] as const;

/** A PNG with a palette from a picture of pdftoppm (PPM): a third of what it would write itself. */
export function smallPng(ppm: Buffer): Buffer {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(ppm.toString('latin1', 0, 40));
  const [width, height] = [Number(head?.[1]), Number(head?.[2])];
  const pixels = ppm.subarray(ppm.length - width * height * 3);
  const { colors, rows } = indexed(pixels, width, height);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', colors),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Colours and, row by row after a filter byte, which of them each pixel has. */
function indexed(pixels: Buffer, width: number, height: number) {
  for (const levels of LEVELS) {
    const reduced = (part = 255): number =>
      Math.round((Math.round((part * levels) / 255) * 255) / levels);
    const palette = new Map<number, number>();
    const rows = Buffer.alloc((width + 1) * height);
    for (let pixel = 0; pixel < width * height && palette.size <= MOST_COLORS; pixel++) {
      const at = pixel * 3;
      const [red, green, blue] = [
        reduced(pixels[at]),
        reduced(pixels[at + 1]),
        reduced(pixels[at + 2]),
      ];
      const color = (red << 16) | (green << 8) | blue;
      let index = palette.get(color);
      if (index === undefined) palette.set(color, (index = palette.size));
      rows[pixel + Math.floor(pixel / width) + 1] = index & 255;
    }
    if (palette.size > MOST_COLORS) continue;
    const parts = [...palette.keys()].flatMap((color) => [
      color >> 16,
      (color >> 8) & 255,
      color & 255,
    ]);
    return { colors: Buffer.from(parts), rows };
  }
  throw new Error('picture: too many colours');
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

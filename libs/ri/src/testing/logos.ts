import { deflateSync } from 'node:zlib';

/** A PNG of RGBA pixels, written by hand: a disc on a clear ground. */
function png(width: number, height: number): Uint8Array {
  const rows = Buffer.alloc((width * 4 + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x - width / 2, y - height / 2) < height / 2;
      rows.set([0x8a, 0x15, 0x38, inside ? 255 : 0], y * (width * 4 + 1) + 1 + x * 4);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')];
  return Buffer.concat([signature, ...parts]);
}

/** Readers of PDFs never see the checksum, so it is left at zero. */
function chunk(kind: string, data: Uint8Array = Buffer.alloc(0)): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(kind, 'latin1'), data, Buffer.alloc(4)]);
}

export const PNG_LOGO = png(60, 40);

export const SVG_LOGO = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 56">
<g fill="#8a1538"><path d="M28 2a26 26 0 1 0 0 52a26 26 0 0 0 0-52zm0 12a14 14 0 1 1 0 28a14 14 0 0 1 0-28z" fill-rule="evenodd"/>
<rect x="70" y="10" width="140" height="14" rx="3"/><rect x="70" y="32" width="96" height="8" rx="3" opacity="0.5"/></g></svg>`);

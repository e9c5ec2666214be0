import { spawnSync } from 'node:child_process';
import jsQR from 'jsqr';
import type { Area } from '../layout/box.js';

/** Programs of Debian's poppler-utils: another reader of our PDFs. Tests say when it is missing. */
export const hasPoppler = ['pdftoppm', 'pdftotext'].every(
  (program) => spawnSync(program, ['-v']).status === 0,
);

function run(program: string, args: readonly string[], input: Uint8Array): Buffer {
  const result = spawnSync(program, args, { input, maxBuffer: 64 * 1024 * 1024 });
  if (result.status !== 0 || result.stderr.length > 0) {
    throw new Error(`${program}: ${result.stderr.toString('utf8')}`);
  }
  return result.stdout;
}

/** The text layer of a page (from 1), or of all of them. */
export function textLayer(pdf: Uint8Array, page?: number): string {
  const pages = page === undefined ? [] : ['-f', String(page), '-l', String(page)];
  return run('pdftotext', [...pages, '-raw', '-enc', 'UTF-8', '-', '-'], pdf).toString('utf8');
}

const DPI = 300;
const AROUND = 14;

/** What the QR code in that area of the first page says, read from the rendered page. */
export function readQr(pdf: Uint8Array, area: Area): string | undefined {
  const dots = (points: number) => Math.round((points * DPI) / 72);
  const crop = [
    ['-x', dots(area.x - AROUND)],
    ['-y', dots(area.y - AROUND)],
    ['-W', dots(area.width + 2 * AROUND)],
    ['-H', dots(area.height + 2 * AROUND)],
  ].flatMap(([name = '', value = '']) => [String(name), String(value)]);
  const pgm = run(
    'pdftoppm',
    ['-gray', '-r', String(DPI), '-f', '1', '-l', '1', ...crop, '-'],
    pdf,
  );
  const [, width = 0, height = 0] = (
    /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.toString('latin1', 0, 40)) ?? []
  ).map(Number);
  const gray = pgm.subarray(pgm.length - width * height);
  return decode(width, height, (x, y) => gray[y * width + x] ?? 255);
}

/** What a matrix of modules says, painted with a quiet zone of four. */
export function readModules(rows: readonly (readonly boolean[])[]): string | undefined {
  const scale = 4;
  const side = (rows.length + 8) * scale;
  const dark = (x: number, y: number) =>
    rows[Math.floor(y / scale) - 4]?.[Math.floor(x / scale) - 4] === true;
  return decode(side, side, (x, y) => (dark(x, y) ? 0 : 255));
}

function decode(width: number, height: number, at: (x: number, y: number) => number) {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const gray = at(x, y);
      pixels.set([gray, gray, gray, 255], (y * width + x) * 4);
    }
  }
  const read = jsQR as unknown as typeof jsQR.default;
  return read(pixels, width, height)?.data;
}

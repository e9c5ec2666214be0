import { checkSize, type Size } from './limits.js';
import { logoFault } from './logo-fault.js';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COMMENT = 0xfe;
/** Baseline, extended and progressive, Huffman-coded: what every viewer of PDF decodes. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** Tables and restart interval: kept. */
const TABLES: ReadonlySet<number> = new Set([0xc4, 0xdb, 0xdd]);
const JFIF = 0xe0;
/** Adobe's says which colour transform three components have. */
const ADOBE = 0xee;
const MAX_SCANS = 64;

/**
 * Reads the segments of a JPEG and keeps those that make the picture: no EXIF (which tells where it
 * was taken), no profile, no comment, nothing behind its end. Source: ITU-T T.81, annex B.
 */
export function cleanJpeg(bytes: Buffer): Size & { readonly body: Buffer } {
  const kept: Buffer[] = [Buffer.from([0xff, SOI])];
  let size: Size | undefined;
  let scans = 0;
  for (let at = 2; ;) {
    const { marker, start } = markerAt(bytes, at);
    if (marker === EOI) break;
    const end = segmentEnd(bytes, start);
    if (FRAMES.has(marker)) {
      if (size) throw damaged('trae dos cuadros');
      size = frameSize(bytes.subarray(start, end));
    } else if (marker === SOS) {
      scans += 1;
      if (!size) throw damaged('los datos llegan antes que las dimensiones');
      if (scans > MAX_SCANS) throw damaged(`trae más de ${MAX_SCANS} pasadas`);
      const scanEnd = entropyEnd(bytes, end);
      kept.push(bytes.subarray(start - 2, scanEnd));
      at = scanEnd;
      continue;
    } else if (!isKept(marker)) {
      at = end;
      continue;
    }
    kept.push(bytes.subarray(start - 2, end));
    at = end;
  }
  if (!size || scans === 0) throw damaged('no trae imagen');
  kept.push(Buffer.from([0xff, EOI]));
  return { ...size, body: Buffer.concat(kept) };
}

/** Application data and comments go, tables stay; anything else is no JPEG we know. */
function isKept(marker: number): boolean {
  if (TABLES.has(marker) || marker === JFIF || marker === ADOBE) return true;
  if (marker === COMMENT || (marker >= 0xe0 && marker <= 0xef)) return false;
  throw damaged(`usa una codificación poco común (0x${marker.toString(16)})`);
}

function markerAt(bytes: Buffer, at: number): { marker: number; start: number } {
  if (bytes[at] !== 0xff) throw damaged('falta un marcador');
  let start = at + 1;
  while (bytes[start] === 0xff) start += 1;
  const marker = bytes[start];
  if (marker === undefined) throw damaged('termina antes de tiempo');
  return { marker, start: start + 1 };
}

function segmentEnd(bytes: Buffer, start: number): number {
  if (start + 2 > bytes.length) throw damaged('termina antes de tiempo');
  const length = bytes.readUInt16BE(start);
  if (length < 2 || start + length > bytes.length) throw damaged('termina antes de tiempo');
  return start + length;
}

const FRAME_LENGTH = 8;

function frameSize(segment: Buffer): Size {
  if (segment.length < FRAME_LENGTH) throw damaged('las dimensiones están incompletas');
  const precision = segment.readUInt8(2);
  const size = { height: segment.readUInt16BE(3), width: segment.readUInt16BE(5) };
  const components = segment.readUInt8(7);
  if (precision !== 8) throw logoFault('color_mode', { reason: `${precision} bits por canal` });
  if (components === 4) throw logoFault('color_mode', { reason: 'CMYK' });
  if (components !== 1 && components !== 3) throw damaged(`${components} canales de color`);
  if (segment.length !== FRAME_LENGTH + 3 * components) throw damaged('el cuadro está incompleto');
  checkSize(size);
  return size;
}

/** Where a scan's data end: at the next marker that is neither stuffing nor a restart. */
function entropyEnd(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) break;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw damaged('termina antes de tiempo');
}

const damaged = (reason: string) => logoFault('damaged', { reason });

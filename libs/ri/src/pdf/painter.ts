import { logoOf } from '../branding/logo.js';
import type { Logo } from '../branding/branding.js';
import type { FontName } from '../fonts/font.js';
import type { Box, LogoBox, Page, QrBox, TextBox } from '../layout/box.js';
import type { EmbeddedFont } from './embedded-font.js';

export const RESOURCE = { regular: 'F1', bold: 'F2', qr: 'Q1', logo: 'L1' } as const;

const n = (value: number): string => String(Math.round(value * 100) / 100);

const colors = new Map<string, string>();

/** `#rrggbb` as three shares. */
function rgb(color: string): string {
  let shares = colors.get(color);
  if (shares === undefined) {
    shares = [1, 3, 5].map((at) => n(parseInt(color.slice(at, at + 2), 16) / 255)).join(' ');
    if (colors.size < 1_000) colors.set(color, shares);
  }
  return shares;
}

/** Operators of one page (ISO 32000-1, 8 and 9): areas first, then texts, then pictures. */
export function pageOperators(
  { boxes, height }: Page,
  fonts: Readonly<Record<FontName, EmbeddedFont>>,
  logo: Logo | undefined,
): string {
  // Undoes what pdfkit starts each page with: its y axis points down, that of glyphs up.
  let out = `1 0 0 -1 0 ${n(height)} cm\n`;
  let color = '';
  for (const box of boxes) {
    if (box.kind !== 'fill') continue;
    if (box.color !== color) out += `${rgb((color = box.color))} rg\n`;
    out += `${n(box.x)} ${n(height - box.y - box.height)} ${n(box.width)} ${n(box.height)} re f\n`;
  }
  out += textOperators(boxes, height, fonts, color);
  for (const box of boxes) {
    if (box.kind === 'qr') out += placed(box, height, RESOURCE.qr);
    else if (box.kind === 'logo' && logo) out += logoOperators(box, height, logo);
  }
  return out;
}

function textOperators(
  boxes: readonly Box[],
  height: number,
  fonts: Readonly<Record<FontName, EmbeddedFont>>,
  before: string,
): string {
  let out = 'BT\n';
  let color = before;
  let face = '';
  for (const box of boxes) {
    if (box.kind !== 'text') continue;
    const { text, font, size, x, baseline } = box satisfies TextBox;
    if (box.color !== color) out += `${rgb((color = box.color))} rg\n`;
    const wanted = `/${RESOURCE[font]} ${n(size)} Tf\n`;
    if (wanted !== face) out += face = wanted;
    out += `1 0 0 1 ${n(x)} ${n(height - baseline)} Tm ${fonts[font].encode(text)} Tj\n`;
  }
  return `${out}ET\n`;
}

/** A form of size 1 × 1, put into its box. */
function placed({ x, y, width, height }: QrBox | LogoBox, page: number, name: string): string {
  return `q ${n(width)} 0 0 ${n(height)} ${n(x)} ${n(page - y - height)} cm /${name} Do Q\n`;
}

function logoOperators(box: LogoBox, page: number, logo: Logo): string {
  const ready = logoOf(logo);
  if (ready.kind === 'raster') return placed(box, page, RESOURCE.logo);
  const [across, down] = [box.width / ready.width, box.height / ready.height];
  const shift = `${n(box.x)} ${n(page - box.y)}`;
  const scale = `${across.toFixed(6)} 0 0 ${(-down).toFixed(6)}`;
  const clip = `0 0 ${ready.width} ${ready.height} re W n`;
  // The first move of the view box may lie before the clip: it is part of the drawing.
  return `q ${scale} ${shift} cm ${clip}\n${ready.operators}\nQ\n`;
}

/** The QR code as rectangles in a square of side 1: dark modules of a row joined. */
export function qrOperators(rows: readonly (readonly boolean[])[]): string {
  const side = rows.length;
  let out = `0 0 0 rg ${(1 / side).toFixed(8)} 0 0 ${(-1 / side).toFixed(8)} 0 1 cm\n`;
  rows.forEach((row, y) => {
    let from = -1;
    for (let x = 0; x <= side; x++) {
      const dark = row[x] === true;
      if (dark && from < 0) from = x;
      else if (!dark && from >= 0) {
        out += `${from} ${y} ${x - from} 1 re\n`;
        from = -1;
      }
    }
  });
  return `${out}f`;
}

import { decimalText, plain } from '../represent/format.js';
import { mm, type Box, type Page, type TextBox } from '../layout/box.js';

/** What is wrong with laid-out pages: texts beyond the sheet, on each other, on the QR code. */
export function layoutFaults(pages: readonly Page[], margin: number): readonly string[] {
  return pages.flatMap((page, index) =>
    [...outside(page, margin), ...overlaps(page), ...qrFaults(page)].map(
      (fault) => `page ${index + 1}: ${fault}`,
    ),
  );
}

const ROUNDING = 0.05;

function outside({ boxes, width, height }: Page, margin: number): readonly string[] {
  return boxes
    .filter(
      (box) =>
        box.x < margin - ROUNDING ||
        box.x + box.width > width - margin + ROUNDING ||
        box.y < mm(4) ||
        box.y + box.height > height - mm(4),
    )
    .map((box) => `${nameOf(box)} is outside`);
}

/** Texts and pictures, no two of which may share a point; sorted by their upper edges. */
function overlaps({ boxes }: Page): readonly string[] {
  const solid = boxes.filter(({ kind }) => kind !== 'fill').sort((a, b) => a.y - b.y);
  const faults: string[] = [];
  solid.forEach((box, index) => {
    for (let next = index + 1; next < solid.length; next++) {
      const other = solid[next];
      if (!other || other.y >= box.y + box.height - ROUNDING) break;
      const apart =
        other.x >= box.x + box.width - ROUNDING || box.x >= other.x + other.width - ROUNDING;
      if (!apart) faults.push(`${nameOf(box)} lies on ${nameOf(other)}`);
    }
  });
  return faults;
}

/** 22 mm or more, 3 mm free around it, 2 cm from the edge (Informe Técnico e-CF v1.0, p. 34). */
function qrFaults({ boxes, width, height }: Page): readonly string[] {
  const faults: string[] = [];
  for (const qr of boxes.filter(({ kind }) => kind === 'qr')) {
    if (qr.width < mm(22) || qr.width !== qr.height) faults.push('QR code too small');
    const edge = Math.min(qr.x, qr.y, width - qr.x - qr.width, height - qr.y - qr.height);
    if (edge < mm(20) - ROUNDING) faults.push('QR code too near to the edge');
    const quiet = mm(3) - ROUNDING;
    for (const box of boxes) {
      const apart =
        box === qr ||
        box.x >= qr.x + qr.width + quiet ||
        box.x + box.width <= qr.x - quiet ||
        box.y >= qr.y + qr.height + quiet ||
        box.y + box.height <= qr.y - quiet;
      if (!apart) faults.push(`${nameOf(box)} in the quiet zone`);
    }
  }
  return faults;
}

const nameOf = (box: Box): string => (box.kind === 'text' ? `«${box.text}»` : box.kind);

export const textsOf = ({ boxes }: Page): readonly TextBox[] =>
  boxes.filter((box): box is TextBox => box.kind === 'text');

/** All letters of the pages without white space: wrapping does not matter. */
export const lettersOf = (pages: readonly Page[]): string =>
  pages
    .flatMap((page) => textsOf(page).map(({ text }) => text))
    .join('')
    .replace(/\s/g, '');

/** As a value is printed: an amount with commas, or the text. */
export const printed = (value: string): string =>
  (/^\d+\.\d+$/.test(value) ? decimalText(value) : plain(value)).replace(/\s/g, '');

import type { RiField } from '../model.js';
import { LEADING, type Pen, widthOf } from './pen.js';
import { INK, MUTED } from './theme.js';

export interface FieldStyle {
  readonly size: number;
  readonly x?: number;
  readonly width?: number;
  readonly bold?: boolean;
}

const BETWEEN = 0.35;
/** Distance of two fields on one line, in em. */
const APART = 1.6;

/** `Label: value` as running text: the value goes on below the label when it is long. */
export function inlineField(pen: Pen, { label, value }: RiField, style: FieldStyle): void {
  const { size, x = 0, width = pen.width - x } = style;
  const font = style.bold === true ? 'bold' : 'regular';
  if (label === '') {
    pen.text(value, { size, font, x, width });
    return;
  }
  const indent = widthOf(label, size) + size * BETWEEN;
  pen.line(label, { size, color: MUTED, x });
  pen.text(value, { size, font, x: x + indent, width: width - indent });
}

/** Fields one after the other, as many on a line as fit. */
export function flowFields(pen: Pen, fields: readonly RiField[], style: FieldStyle): void {
  const { size, x = 0, width = pen.width - x } = style;
  let used = 0;
  for (const field of fields) {
    const length = inlineWidth(field, size);
    if (used > 0 && used + size * APART + length > width) {
      pen.gap(size * LEADING);
      used = 0;
    }
    if (length > width) {
      inlineField(pen, field, style);
      continue;
    }
    const at = used === 0 ? 0 : used + size * APART;
    const indent = field.label === '' ? 0 : widthOf(field.label, size) + size * BETWEEN;
    pen.line(field.label, { size, color: MUTED, x: x + at });
    pen.line(field.value, { size, x: x + at + indent });
    used = at + length;
  }
  if (used > 0) pen.gap(size * LEADING);
}

function inlineWidth({ label, value }: RiField, size: number): number {
  const indent = label === '' ? 0 : widthOf(label, size) + size * BETWEEN;
  return indent + widthOf(value, size);
}

/** Label to the left, value to the right edge; below each other when they do not fit. */
export function spreadField(
  pen: Pen,
  { label, value }: RiField,
  { size, x = 0, width = pen.width - x, bold = false, valueSize = size }: SpreadStyle,
): void {
  const font = bold ? 'bold' : 'regular';
  const room = width - widthOf(label, size) - size;
  if (label === '' || widthOf(value, valueSize, font) > room) {
    if (label !== '') pen.text(label, { size, color: MUTED, x, width });
    pen.text(value, { size, font, x, width });
    return;
  }
  const top = pen.y;
  pen.y = top + (valueSize - size) * (LEADING / 2 + 0.3);
  pen.line(label, { size, color: MUTED, x });
  pen.y = top;
  pen.line(value, { size: valueSize, font, color: INK, x, width, align: 'right' });
  pen.gap(valueSize * LEADING);
}

interface SpreadStyle extends FieldStyle {
  readonly valueSize?: number;
}

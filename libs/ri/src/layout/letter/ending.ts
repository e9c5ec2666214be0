import type { Representation, RiField, RiTotal } from '../../model.js';
import { inlineField, spreadField } from '../fields.js';
import { LEADING, Pen, widthOf, type Block } from '../pen.js';
import { accentOf, HAIRLINE, INK, MUTED, WHITE } from '../theme.js';
import { fontOf } from '../../fonts/font.js';
import { wrap } from '../wrap.js';
import { CONTENT, GAP, INSET, TOTALS_WIDTH } from './sheet.js';
import { gridOf } from './header.js';

/** Rows of global discounts and surcharges that stand among the totals; more get rows before. */
const MOST_ADJUSTMENTS = 6;
const isAdjustment = ({ label }: RiTotal) => /^(Descuento|Recargo) /.test(label);

export interface Ending {
  /** Blocks that may go on another page than the totals. */
  readonly before: readonly Block[];
  readonly totals: Block;
  readonly notes: Block;
}

/** What follows the lines. */
export function endingOf(representation: Representation, detailsLeft: readonly RiField[]): Ending {
  const { totals, subtotals, notes, otherCurrency } = representation;
  const adjustments = totals.filter(isAdjustment);
  const many = adjustments.length > MOST_ADJUSTMENTS;
  const before: Block[] = [];
  for (let at = 0; at < detailsLeft.length; at += 3)
    before.push(gridOf(detailsLeft.slice(at, at + 3)));
  if (many) before.push(...adjustments.map((row) => spread(row)));
  const shown = many ? totals.filter((row) => !isAdjustment(row)) : totals;
  return {
    before: before.length === 0 ? [] : [gap(4), ...before],
    totals: totalsOf(shown, otherCurrency, accentOf(representation.branding)),
    notes: notesOf([...subtotals], notes, accentOf(representation.branding)),
  };
}

const gap = (height: number): Block => new Pen(CONTENT).gap(height).block();

function spread(field: RiField): Block {
  const pen = new Pen(CONTENT);
  spreadField(pen, field, { size: 8, width: CONTENT - INSET });
  return pen.block();
}

const SIZE = 8.4;
const GRAND = 10;

/** The totals, amounts in columns by currency. */
export function totalsOf(
  rows: readonly RiTotal[],
  otherCurrency: string | undefined,
  accent: string,
): Block {
  const pen = new Pen(TOTALS_WIDTH);
  const inner = TOTALS_WIDTH - 2 * INSET;
  const both = otherCurrency !== undefined && rows.some((row) => row.otherCurrency !== undefined);
  const widest = (of: (row: RiTotal) => string) =>
    Math.max(...rows.map((row) => widthOf(of(row), row.weight === 'grand' ? GRAND : SIZE, 'bold')));
  const amount = widest(({ value }) => value);
  const other = both ? widest((row) => row.otherCurrency ?? '') : 0;
  const apart = 16;
  const amountX = INSET + inner - amount - (both ? other + apart : 0);
  const columns = { amountX, amount, otherX: INSET + inner - other, other };
  if (both) {
    const style = { size: 7, font: 'bold', color: accent, align: 'right' } as const;
    pen.line('DOP', { ...style, x: columns.amountX, width: amount });
    pen.line(otherCurrency, { ...style, x: columns.otherX, width: other });
    pen.gap(7 * LEADING + 1);
  }
  for (const row of rows) drawTotal(pen, row, columns, accent);
  return pen.block();
}

interface Columns {
  readonly amountX: number;
  readonly amount: number;
  readonly otherX: number;
  readonly other: number;
}

function drawTotal(pen: Pen, row: RiTotal, columns: Columns, accent: string): void {
  const grand = row.weight === 'grand';
  const part = row.weight === 'part';
  const size = grand ? GRAND : part ? SIZE - 0.8 : SIZE;
  const font = grand ? 'bold' : 'regular';
  const color = grand ? WHITE : part ? MUTED : INK;
  const indent = part ? 8 : 0;
  const room = columns.amountX - INSET - indent - 6;
  const label = wrap(fontOf(font), row.label, size, Math.max(room, 40));
  const lines = label.length;
  if (grand) {
    const height = size * LEADING * lines + 7;
    pen.gap(2).fill(accent, { x: 0, y: pen.y, width: TOTALS_WIDTH, height }).gap(3.5);
  }
  const top = pen.y;
  label.forEach((text, index) => {
    pen.y = top + index * size * LEADING;
    pen.line(text, { size, font, color: grand ? WHITE : MUTED, x: INSET + indent });
  });
  const style = { size, font, color, align: 'right' } as const;
  pen.line(row.value, { ...style, x: columns.amountX, width: columns.amount });
  if (row.otherCurrency !== undefined) {
    pen.line(row.otherCurrency, { ...style, x: columns.otherX, width: columns.other });
  }
  pen.gap(size * LEADING + (grand ? 6 : 1.4));
}

/** Left of the totals: informative subtotals and remarks. */
function notesOf(subtotals: readonly RiField[], notes: readonly RiField[], accent: string): Block {
  const pen = new Pen(CONTENT - TOTALS_WIDTH - GAP * 1.5);
  const title = (text: string) =>
    pen.text(text, { size: 6.8, font: 'bold', color: accent }).gap(1.5);
  if (subtotals.length > 0) {
    title('SUBTOTALES INFORMATIVOS');
    for (const field of subtotals) spreadField(pen, field, { size: 7.5 });
    pen.gap(5);
  }
  if (notes.length > 0) {
    title('NOTAS');
    for (const note of notes) inlineField(pen, note, { size: 7.5 });
  }
  return pen.block();
}

/** Subtotals of a page that is not the last. */
export function pageSubtotals(fields: readonly RiField[]): Block {
  const pen = new Pen(TOTALS_WIDTH);
  pen.rule(HAIRLINE, 0.6).gap(3);
  const inner = { x: INSET, width: TOTALS_WIDTH - 2 * INSET };
  fields.forEach((field, index) => {
    spreadField(pen, field, { size: 8, bold: index === fields.length - 1, ...inner });
  });
  return pen.block();
}

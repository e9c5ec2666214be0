import type { Representation, RiField, RiTotal } from '../../model.js';
import { inlineField, spreadField } from '../fields.js';
import { LEADING, Pen, widthOf, type Block } from '../pen.js';
import { accentOf, HAIRLINE, INK, MUTED, WHITE } from '../theme.js';
import { fontOf } from '../../fonts/font.js';
import { wrap } from '../wrap.js';
import { CONTENT, GAP, INSET, TOTALS_WIDTH } from './sheet.js';
import { GRID_COLUMNS, gridOf } from './header.js';

/** What follows the lines. */
export interface Ending {
  /** Blocks that may go on another page than the totals. */
  readonly before: readonly Block[];
  readonly totals: Block;
  readonly notes: Block;
}

/** Room that the names of the totals need beside their amounts. */
const LEAST_LABEL = 90;

/** Heights that the last page offers when it holds two lines besides. */
export interface EndingRoom {
  readonly totals: number;
  readonly notes: number;
}

/**
 * Totals to the right, remarks to the left. What would not fit on a page that way (twenty global
 * discounts, twenty subtotals) is told row by row instead, over as many pages as it takes.
 */
export function endingOf(
  representation: Representation,
  detailsLeft: readonly RiField[],
  room: EndingRoom,
): Ending {
  const { otherCurrency, branding, subtotals, notes } = representation;
  const accent = accentOf(branding);
  const before: Block[] = [];
  for (let at = 0; at < detailsLeft.length; at += GRID_COLUMNS) {
    before.push(gridOf(detailsLeft.slice(at, at + GRID_COLUMNS)));
  }
  let beside = notesOf(subtotals, notes, accent);
  if (beside.height > room.notes) {
    before.push(...subtotals.map(spread), ...notes.map(remark));
    beside = notesOf([], [], accent);
  }
  let totals = totalsOf(representation.totals, otherCurrency, accent, TOTALS_WIDTH);
  const { amountX } = columnsOf(representation.totals, otherCurrency, TOTALS_WIDTH);
  if (totals.height > room.totals || amountX < LEAST_LABEL) {
    before.push(...rowsOf(representation, accent));
    totals = new Pen(0).block();
  }
  if (before.length > 0) before.unshift(new Pen(CONTENT).gap(6).block());
  return { before, totals, notes: beside };
}

function spread(field: RiField): Block {
  const pen = new Pen(CONTENT);
  spreadField(pen, field, { size: 8, width: CONTENT - INSET });
  return pen.block();
}

function remark(field: RiField): Block {
  const pen = new Pen(CONTENT);
  inlineField(pen, field, { size: 8, width: CONTENT - INSET });
  return pen.block();
}

/** The totals as rows of their own; the widest amounts decide the columns of all of them. */
function rowsOf({ totals, otherCurrency }: Representation, accent: string): readonly Block[] {
  const columns = columnsOf(totals, otherCurrency, CONTENT);
  return totals.map((row, index) => {
    const pen = new Pen(CONTENT);
    if (index === 0) drawCurrencies(pen, otherCurrency, columns, accent);
    drawTotal(pen, row, columns, accent);
    return pen.block();
  });
}

const SIZE = 8.4;
const GRAND = 10;

/** The totals, amounts in columns by currency. */
function totalsOf(
  rows: readonly RiTotal[],
  otherCurrency: string | undefined,
  accent: string,
  width: number,
): Block {
  const pen = new Pen(width);
  const columns = columnsOf(rows, otherCurrency, width);
  drawCurrencies(pen, otherCurrency, columns, accent);
  for (const row of rows) drawTotal(pen, row, columns, accent);
  return pen.block();
}

/** Which currency each column of amounts is in, when there are two. */
function drawCurrencies(
  pen: Pen,
  otherCurrency: string | undefined,
  columns: Columns,
  accent: string,
): void {
  if (columns.other === 0) return;
  const style = { size: 7, font: 'bold', color: accent, align: 'right' } as const;
  pen.line('DOP', { ...style, x: columns.amountX, width: columns.amount });
  pen.line(otherCurrency ?? '', { ...style, x: columns.otherX, width: columns.other });
  pen.gap(7 * LEADING + 1);
}

const APART = 16;

function columnsOf(
  rows: readonly RiTotal[],
  otherCurrency: string | undefined,
  width: number,
): Columns {
  const both = otherCurrency !== undefined && rows.some((row) => row.otherCurrency !== undefined);
  const widest = (of: (row: RiTotal) => string) =>
    Math.max(...rows.map((row) => widthOf(of(row), row.weight === 'grand' ? GRAND : SIZE, 'bold')));
  const amount = widest(({ value }) => value);
  const other = both ? widest((row) => row.otherCurrency ?? '') : 0;
  const right = width - INSET;
  const amountX = right - amount - (both ? other + APART : 0);
  return { width, amountX, amount, otherX: right - other, other };
}

interface Columns {
  readonly width: number;
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
    pen.gap(2).fill(accent, { x: 0, y: pen.y, width: columns.width, height }).gap(3.5);
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

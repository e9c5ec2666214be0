import type { ColumnName, Representation, RiColumn, RiLine } from '../../model.js';
import { fontOf } from '../../fonts/font.js';
import { LEADING, Pen, widthOf, type Block } from '../pen.js';
import { accentOf, HAIRLINE, MUTED } from '../theme.js';
import { wrap } from '../wrap.js';
import { CONTENT, INSET } from './sheet.js';

interface Cell {
  readonly column: RiColumn;
  readonly x: number;
  readonly width: number;
}

/** Where the columns stand, and which ones are told below the description for want of room. */
export interface Table {
  readonly size: number;
  readonly cells: readonly Cell[];
  readonly demoted: readonly RiColumn[];
  /** Space for the E of exempt lines, before every description. */
  readonly markWidth: number;
  readonly notesX: number;
}

const SIZES = [8.2, 7.8, 7.4, 7, 6.6, 6.2] as const;
const APART = 11;
/** Room that descriptions get at least, narrower the more there is to show. */
const LEAST = [170, 150, 135, 120] as const;
const DEMOTABLE: readonly ColumnName[] = [
  'precioOtraMoneda',
  'iscav',
  'isce',
  'pvp',
  'gradosAlcohol',
  'itbis',
  'recargo',
  'descuento',
  'valorOtraMoneda',
  'codigo',
  'unidad',
];
const HEAD_SIZE = 7;
const MARK = 'E';

/** Finds the largest print in which the columns fit; then gives up columns one by one. */
export function tableOf({ columns, lines }: Representation): Table {
  const widest = widestCells(columns, lines);
  const demotable = DEMOTABLE.filter((name) => columns.some((column) => column.name === name));
  const attempts = [
    ...LEAST.map((least, index) => ({ size: SIZES[index] ?? 7, least, given: 0 })),
    ...demotable.map((_, index) => ({ size: 7, least: 120, given: index + 1 })),
  ];
  const markWidth = lines.some(({ exempt }) => exempt) ? 9 : 0;
  let table: Table | undefined;
  for (const { size, least, given } of attempts) {
    const left = new Set(demotable.slice(0, given));
    table = arrange(columns, left, size, markWidth, widest);
    const description = table.cells.find(({ column }) => column.name === 'descripcion');
    if ((description?.width ?? 0) - markWidth >= least) return table;
  }
  return table ?? arrange(columns, new Set(), 6.2, markWidth, widest);
}

/** Widest text of each column at size 1, digits and signs having widths of their own. */
function widestCells(columns: readonly RiColumn[], lines: readonly RiLine[]) {
  return new Map(
    columns.map(({ name }) => {
      let width = 0;
      for (const { cells } of lines) {
        const text = cells[name];
        if (text !== undefined) width = Math.max(width, widthOf(text, 1));
      }
      return [name, width] as const;
    }),
  );
}

/** Widest code that still stands in a column of its own. */
const CODE_WIDTH = 62;

function arrange(
  columns: readonly RiColumn[],
  left: ReadonlySet<ColumnName>,
  size: number,
  markWidth: number,
  widest: ReadonlyMap<ColumnName, number>,
): Table {
  const kept = columns.filter(({ name }) => !left.has(name));
  const widths = kept.map(({ name, label }) => {
    if (name === 'descripcion') return 0;
    const head = Math.max(...label.split(' ').map((word) => widthOf(word, HEAD_SIZE, 'bold')));
    const natural = Math.max((widest.get(name) ?? 0) * size, head);
    return name === 'codigo' ? Math.min(natural, CODE_WIDTH) : natural;
  });
  const used = widths.reduce((sum, width) => sum + width, 0) + APART * (kept.length - 1);
  let x = 0;
  const cells = kept.map((column, index): Cell => {
    const width = column.name === 'descripcion' ? CONTENT - INSET - used : (widths[index] ?? 0);
    const cell = { column, x, width };
    x += width + APART;
    return cell;
  });
  const description = cells.find(({ column }) => column.name === 'descripcion');
  const demoted = columns.filter(({ name }) => left.has(name));
  return { size, cells, demoted, markWidth, notesX: (description?.x ?? 0) + markWidth };
}

/** The head of the table, repeated on every page. */
export function tableHead({ cells, markWidth }: Table, { branding }: Representation): Block {
  const pen = new Pen(CONTENT);
  const accent = accentOf(branding);
  const bold = fontOf('bold');
  const labels = cells.map((cell) => wrap(bold, cell.column.label, HEAD_SIZE, cell.width + 1));
  const rows = Math.max(...labels.map(({ length }) => length));
  pen.gap(3);
  const top = pen.y;
  cells.forEach(({ column, x, width }, index) => {
    const own = labels[index] ?? [];
    const indent = column.name === 'descripcion' ? markWidth : 0;
    own.forEach((label, row) => {
      pen.y = top + (rows - own.length + row) * HEAD_SIZE * LEADING;
      const style = { size: HEAD_SIZE, font: 'bold', color: accent, align: column.align } as const;
      pen.line(label, { ...style, x: x + indent, width: width - indent });
    });
  });
  pen.y = top + rows * HEAD_SIZE * LEADING + 3;
  return pen.rule(accent, 1).gap(2.5).block();
}

/** One line of the document: never split over two pages. */
export function tableRow(table: Table, line: RiLine): Block {
  const { size, cells, markWidth, notesX } = table;
  const pen = new Pen(CONTENT).gap(2.6);
  const top = pen.y;
  let bottom = top + size * LEADING;
  for (const { column, x, width } of cells) {
    const text = line.cells[column.name] ?? '';
    pen.y = top;
    if (column.name === 'descripcion') {
      if (line.exempt) pen.line(MARK, { size, font: 'bold', x });
      pen.text(text, { size, x: x + markWidth, width: width - markWidth });
    } else if (column.name === 'codigo') {
      pen.text(text, { size, x, width });
    } else {
      pen.line(text, { size, x, width, align: column.align }).gap(size * LEADING);
    }
    bottom = Math.max(bottom, pen.y);
  }
  pen.y = bottom;
  for (const note of notesOf(table, line)) {
    pen.text(note, { size: size - 0.9, color: MUTED, x: notesX, width: CONTENT - INSET - notesX });
  }
  return pen.gap(2.6).rule(HAIRLINE, 0.4).block();
}

function notesOf({ demoted }: Table, { cells, notes }: RiLine): readonly string[] {
  const facts = demoted.flatMap(({ name, label }) => {
    const text = cells[name];
    return text === undefined ? [] : `${label}: ${text}`;
  });
  return facts.length === 0 ? notes : [facts.join('  ·  '), ...notes];
}

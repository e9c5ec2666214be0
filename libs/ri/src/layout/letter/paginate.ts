import type { RiDeclaredPage } from '../../model.js';
import type { Block } from '../pen.js';
import type { Ending } from './ending.js';
import { GAP } from './sheet.js';

/** Heights at which things start and must end. */
export interface Room {
  /** Where the rows of the first page start, and those of the others. */
  readonly first: number;
  readonly repeated: number;
  /** Rows stay above the QR code; the totals stand beside it. */
  readonly rowsEnd: number;
  readonly totalsEnd: number;
}

export interface SheetPlan {
  readonly blocks: readonly Block[];
  /** Lines on this sheet: positions from 0, to excluded. */
  readonly from: number;
  readonly to: number;
  /** Whether its subtotals are printed: not on sheets that only continue a declared page. */
  readonly subtotals: boolean;
  readonly declared?: RiDeclaredPage;
}

/** Lines that go to the last page with the totals, so that these never stand alone. */
export const COMPANY = 2;

/** Which lines stand on which sheet: none is split, and the totals have lines above them. */
export function paginate(
  rows: readonly Block[],
  ending: Ending,
  room: Room,
  declaredPages: readonly RiDeclaredPage[],
): readonly SheetPlan[] {
  const sheets: Draft[] = [];
  const pages = segments(rows.length, declaredPages);
  pages.forEach(({ from, to, declared }, index) => {
    const more = split(rows, from, to, room, sheets.length);
    const last = more.at(-1);
    if (last && index < pages.length - 1 && declared) last.declared = declared;
    sheets.push(...more);
  });
  for (const sheet of sheets) {
    sheet.subtotals = declaredPages.length === 0 || sheet.declared !== undefined;
  }
  const before = placeBefore(sheets, rows, ending, room);
  return before;
}

interface Draft {
  from: number;
  to: number;
  extra: Block[];
  subtotals: boolean;
  declared?: RiDeclaredPage;
}

interface Segment {
  readonly from: number;
  readonly to: number;
  readonly declared?: RiDeclaredPage;
}

/** Pages as the document declares them; one without end where it does not. */
function segments(count: number, pages: readonly RiDeclaredPage[]): readonly Segment[] {
  const found: Segment[] = [];
  let from = 0;
  for (const declared of pages) {
    const to = Math.min(declared.lastLine, count);
    if (!(to > from)) continue;
    found.push({ from, to, declared });
    from = to;
  }
  if (from < count || found.length === 0) found.push({ from, to: count });
  return found;
}

/** Fills sheets from the top; a sheet holds at least one line, however tall. */
function split(
  rows: readonly Block[],
  from: number,
  to: number,
  room: Room,
  sheetsBefore: number,
): Draft[] {
  const sheets: Draft[] = [];
  let start = from;
  let y = sheetsBefore === 0 ? room.first : room.repeated;
  for (let index = from; index < to; index++) {
    const height = rows[index]?.height ?? 0;
    if (y + height > room.rowsEnd && (index > start || sheetsBefore + sheets.length === 0)) {
      sheets.push({ from: start, to: index, extra: [], subtotals: true });
      start = index;
      y = room.repeated;
    }
    y += height;
  }
  const last: Draft = { from: start, to, extra: [], subtotals: true };
  const before = sheets.at(-1);
  const lacking = COMPANY - (to - start);
  if (before && lacking > 0 && before.to - before.from > lacking) {
    before.to = last.from -= lacking;
  }
  sheets.push(last);
  return sheets;
}

/** Puts what follows the lines on the last sheet, or on further ones. */
function placeBefore(
  sheets: Draft[],
  rows: readonly Block[],
  ending: Ending,
  room: Room,
): readonly SheetPlan[] {
  const startOf = (sheet: Draft) => (sheet === sheets[0] ? room.first : room.repeated);
  const endOf = (sheet: Draft) =>
    [...rows.slice(sheet.from, sheet.to), ...sheet.extra].reduce(
      (y, { height }) => y + height,
      startOf(sheet),
    );
  const open = (from: number, to: number): Draft => {
    const sheet: Draft = { from, to, extra: [], subtotals: true };
    sheets.push(sheet);
    return sheet;
  };
  let last = sheets.at(-1) ?? open(0, 0);
  for (const block of ending.before) {
    if (endOf(last) + block.height > room.rowsEnd) last = open(last.to, last.to);
    last.extra.push(block);
  }
  const fits = (sheet: Draft) => {
    const top = endOf(sheet) + GAP;
    return (
      top + ending.totals.height <= room.totalsEnd && top + ending.notes.height <= room.rowsEnd
    );
  };
  if (!fits(last)) {
    const movable = last.extra.length > 0 ? 0 : companyOf(last, last === sheets[0]);
    const next = open(last.to - movable, last.to);
    last.to = next.from;
    if (last.extra.length > 0) next.extra.push(...last.extra.splice(-1));
  }
  return sheets.map((sheet) => ({
    blocks: [...rows.slice(sheet.from, sheet.to), ...sheet.extra],
    from: sheet.from,
    to: sheet.to,
    // A sheet without lines has nothing to sum.
    subtotals: sheet.subtotals && sheet.from < sheet.to,
    ...(sheet.declared && { declared: sheet.declared }),
  }));
}

/** A sheet keeps a line of its own, but for a first one so full that it has just one. */
function companyOf({ from, to }: Draft, first: boolean): number {
  const lines = to - from;
  return lines === 1 && first ? 1 : Math.min(COMPANY, Math.max(lines - 1, 0));
}

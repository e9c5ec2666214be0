import type { Representation } from '../../model.js';
import type { Page } from '../box.js';
import { boxesOf, Pen, type Block } from '../pen.js';
import { endingOf, pageSubtotals, type Ending } from './ending.js';
import { footerOf, footerTop, verificationOf } from './footer.js';
import { headerOf } from './header.js';
import { COMPANY, paginate, type Room } from './paginate.js';
import { CONTENT, GAP, MARGIN, SHEET, TOP, TOTALS_WIDTH } from './sheet.js';
import { tableHead, tableOf, tableRow } from './table.js';

const TOTALS_X = MARGIN + CONTENT - TOTALS_WIDTH;

/** The pages of a letter-size PDF. */
export function letterPages(representation: Representation): readonly Page[] {
  const header = headerOf(representation);
  const table = tableOf(representation);
  const head = tableHead(table, representation);
  const rows = representation.lines.map((line) => tableRow(table, line));
  const verification = verificationOf(representation);
  // The height of the footer does not depend on the numbers in it.
  const bottom = footerTop(footerOf(representation, 1, 1)) - 6;
  const room: Room = {
    first: TOP + header.first.height + GAP + head.height,
    repeated: TOP + header.repeated.height + GAP + head.height,
    rowsEnd: bottom - verification.height,
    totalsEnd: bottom,
  };
  const company = [...rows.slice(-COMPANY)].reduce((sum, { height }) => sum + height, GAP);
  const ending = endingOf(representation, header.detailsLeft, {
    totals: room.totalsEnd - room.repeated - company,
    notes: room.rowsEnd - room.repeated - company,
  });
  const plan = paginate(rows, ending, room, representation.declaredPages);
  return plan.map((sheet, index) => {
    const pen = new Pen(SHEET.width);
    const top = index === 0 ? header.first : header.repeated;
    pen.place(top, MARGIN, TOP).gap(TOP + top.height + GAP);
    // Above lines only: what else goes on there has no columns.
    if (sheet.to > sheet.from) pen.place(head, MARGIN, pen.y).gap(head.height);
    for (const block of sheet.blocks) pen.place(block, MARGIN, pen.y).gap(block.height);
    pen.place(verification, MARGIN, bottom - verification.height);
    if (index === plan.length - 1) drawEnding(pen, ending);
    else {
      const fields =
        sheet.declared?.subtotals ?? representation.pageSubtotals(sheet.from, sheet.to);
      if (sheet.subtotals) drawAtRight(pen, pageSubtotals(fields), bottom);
    }
    const footer = footerOf(representation, index + 1, plan.length);
    pen.place(footer, MARGIN, footerTop(footer));
    return { width: SHEET.width, height: SHEET.height, boxes: boxesOf(pen.block()) };
  });
}

function drawEnding(pen: Pen, { totals, notes }: Ending): void {
  const top = pen.y + GAP;
  pen.place(notes, MARGIN, top);
  pen.place(totals, TOTALS_X, top);
}

function drawAtRight(pen: Pen, block: Block, bottom: number): void {
  pen.place(block, TOTALS_X, bottom - block.height);
}

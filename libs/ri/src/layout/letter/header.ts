import type { Representation, RiField } from '../../model.js';
import { flowFields, inlineField, spreadField } from '../fields.js';
import { drawLogo } from '../logo.js';
import { Pen, type Block } from '../pen.js';
import { accentOf, HAIRLINE, INK, MARKS, TINT, WHITE } from '../theme.js';
import { CONTENT, INSET } from './sheet.js';

const RIGHT = 196;
const LEFT = CONTENT - RIGHT - 22;
/** More than these go to the end of the document. */
const DETAILS_BESIDE = 7;
const DETAILS_BELOW = 150;
const MOST_REPEATED = 170;

/** What stands at the top of the pages, and the details it had no room for. */
export interface Header {
  readonly first: Block;
  readonly repeated: Block;
  readonly detailsLeft: readonly RiField[];
}

export function headerOf(representation: Representation): Header {
  const { details } = representation;
  const beside = details.length <= DETAILS_BESIDE;
  const top = topOf(representation);
  const first = new Pen(CONTENT).place(top, 0, 0).gap(top.height);
  drawParty(first, representation, beside ? details : []);
  let detailsLeft: readonly RiField[] = [];
  if (!beside) {
    first.gap(6);
    const grid = gridOf(details);
    if (grid.height <= DETAILS_BELOW) first.place(grid, 0, first.y).gap(grid.height);
    else detailsLeft = details;
  }
  // A header with long names and a logo leaves little room on the pages that only go on.
  const again = top.height <= MOST_REPEATED ? top : topOf(shortened(representation));
  const repeated = new Pen(CONTENT).place(again, 0, 0).gap(again.height);
  drawParty(repeated, withoutContacts(representation), []);
  return { first: first.block(), repeated: repeated.block(), detailsLeft };
}

const IDENTITY = new Set(['Razón Social Cliente:', 'RNC Cliente:', 'Identificador Extranjero:']);

/** The buyer as every page names it. */
function withoutContacts(representation: Representation): Representation {
  const { buyer } = representation;
  const fields = buyer?.fields.filter(({ label }) => IDENTITY.has(label)) ?? [];
  return { ...representation, buyer: buyer && { ...buyer, fields } };
}

const KEPT = new Set(['', 'RNC:', 'Fecha Emisión:']);

/** Who issues, and no more of it. */
function shortened(representation: Representation): Representation {
  const { issuer, branding } = representation;
  const { logo: _, ...rest } = branding;
  const fields = issuer.fields.filter(({ label }) => KEPT.has(label));
  return { ...representation, issuer: { ...issuer, fields }, branding: rest };
}

function topOf(representation: Representation): Block {
  const pen = new Pen(CONTENT);
  const mark = representation.mark;
  if (mark) {
    const height = 25;
    pen.fill(MARKS[mark.tone], { x: 0, y: 0, width: CONTENT, height });
    pen.gap(6).line(mark.text, { size: 10, font: 'bold', color: WHITE, x: INSET });
    pen.gap(1.3).line(mark.explanation, {
      size: 8,
      color: WHITE,
      align: 'right',
      width: CONTENT - INSET,
    });
    pen.y = height + 10;
  }
  const top = pen.y;
  const issuer = issuerOf(representation);
  const document = documentOf(representation);
  pen.place(issuer, 0, top).place(document, CONTENT - RIGHT, top);
  pen.y = top + Math.max(issuer.height, document.height);
  return pen.block();
}

/** Top left: the issuer. */
function issuerOf({ issuer, branding }: Representation): Block {
  const pen = new Pen(LEFT);
  if (branding.logo) {
    drawLogo(pen, branding, { width: 170, height: 46 });
    pen.gap(7);
  }
  const size = issuer.name.length > 60 ? 11 : 13.5;
  pen.text(issuer.name, { size, font: 'bold', color: INK });
  const [legalName, ...others] = issuer.fields;
  const rest = legalName?.label === '' ? others : issuer.fields;
  if (legalName?.label === '') pen.text(legalName.value, { size: 8.5 });
  pen.gap(3);
  const date = rest.filter(({ label }) => label === 'Fecha Emisión:');
  flowFields(
    pen,
    rest.filter((field) => !date.includes(field)),
    { size: 8 },
  );
  pen.gap(2);
  for (const field of date) inlineField(pen, field, { size: 8, bold: true });
  return pen.block();
}

/** Top right: what document it is. */
function documentOf({ title, heading, branding }: Representation): Block {
  const pen = new Pen(RIGHT);
  const accent = accentOf(branding);
  const inner = { x: INSET, width: RIGHT - 2 * INSET };
  pen.gap(INSET).text(title, { size: 11.5, font: 'bold', color: accent, ...inner });
  pen.gap(4).rule(HAIRLINE, 0.6, inner.x, inner.width).gap(4);
  heading.forEach((field, index) => {
    spreadField(pen, field, {
      size: 8,
      bold: field.label !== '' && field.label !== 'Razón:',
      ...(index === 0 && { valueSize: 10 }),
      ...inner,
    });
    pen.gap(1);
  });
  pen.gap(INSET - 3);
  const content = pen.block();
  const { height } = content;
  const panel = new Pen(RIGHT)
    .fill(TINT, { x: 0, y: 0, width: RIGHT, height })
    .fill(accent, { x: 0, y: 0, width: RIGHT, height: 2.4 });
  return panel.place(content, 0, 0).gap(height).block();
}

/** Below: the buyer, and beside it what else there is to say when that is little. */
function drawParty(
  pen: Pen,
  { buyer, branding }: Representation,
  details: readonly RiField[],
): void {
  if (!buyer && details.length === 0) return;
  pen.gap(11).rule(HAIRLINE, 0.6).gap(6);
  const top = pen.y;
  const left = new Pen(buyer ? LEFT : CONTENT);
  const accent = accentOf(branding);
  if (buyer) {
    left.text('CLIENTE', { size: 6.8, font: 'bold', color: accent }).gap(1.5);
    const [name, ...others] = buyer.fields;
    if (name) inlineField(left, name, { size: 8.5, bold: true });
    flowFields(left, others, { size: 8 });
  }
  const right = new Pen(RIGHT);
  if (details.length > 0) {
    right.text('DETALLES', { size: 6.8, font: 'bold', color: accent, x: INSET }).gap(1.5);
    const inner = { x: INSET, width: RIGHT - 2 * INSET };
    for (const field of details) spreadField(right, field, { size: 8, ...inner });
  }
  pen.place(left.block(), 0, top).place(right.block(), CONTENT - RIGHT, top);
  pen.y = top + Math.max(left.y, right.y);
}

export const GRID_COLUMNS = 3;

/** Many details: three columns, filled row by row. */
export function gridOf(details: readonly RiField[]): Block {
  const apart = 16;
  const width = (CONTENT - INSET - apart * (GRID_COLUMNS - 1)) / GRID_COLUMNS;
  const pen = new Pen(CONTENT);
  for (let at = 0; at < details.length; at += GRID_COLUMNS) {
    const cells = details.slice(at, at + GRID_COLUMNS).map((field) => {
      const cell = new Pen(width);
      spreadField(cell, field, { size: 7.5 });
      return cell.block();
    });
    cells.forEach((cell, index) => pen.place(cell, index * (width + apart), pen.y));
    pen.gap(Math.max(...cells.map(({ height }) => height)));
  }
  return pen.block();
}

import type { Representation, RiField, RiLine, RiTotal } from '../../model.js';
import { mm, type Page } from '../box.js';
import { flowFields, inlineField, spreadField } from '../fields.js';
import { drawLogo } from '../logo.js';
import { boxesOf, LEADING, Pen, widthOf, type Block } from '../pen.js';
import { HAIRLINE, INK, MARKS, MUTED, WHITE } from '../theme.js';
import { qrModules } from '../../qr/qr-modules.js';

/** Rolls are 80 mm wide, of which printers reach 72. */
const WIDTH = mm(80);
const MARGIN = mm(4);
const CONTENT = WIDTH - 2 * MARGIN;
/** A module of four dots of a 203 dpi printer: even edges, and read at once. */
const MODULE = mm(0.5);
const QR_QUIET = mm(3);
const QR_FROM_END = mm(20);
/** PDF readers show no page taller than 200 inches: longer tickets go on in another piece. */
const MOST = 14_000;

/** A ticket: one page as long as its content. */
export function ticketPages(representation: Representation): readonly Page[] {
  const pieces: Pen[] = [start()];
  const put = (block: Block) => {
    let pen = pieces.at(-1) ?? start();
    if (pen.y + block.height > MOST) pieces.push((pen = start()));
    pen.place(block, MARGIN, pen.y).gap(block.height);
  };
  put(headOf(representation));
  for (const line of representation.lines) put(lineOf(line, representation));
  put(totalsOf(representation));
  put(endOf(representation));
  return pieces.map((pen, index) => {
    if (pieces.length > 1) {
      const text = `Página ${index + 1} de ${pieces.length}`;
      pen.gap(4).line(text, { size: 7, color: MUTED, align: 'center', width: WIDTH }).gap(14);
    }
    pen.gap(mm(6));
    return { width: WIDTH, height: pen.y, boxes: boxesOf(pen.block()) };
  });
}

const start = (): Pen => new Pen(WIDTH).gap(mm(5));

const centered = { align: 'center', width: CONTENT } as const;

function headOf({ mark, issuer, title, heading, buyer, details, branding }: Representation): Block {
  const pen = new Pen(CONTENT);
  if (mark) {
    pen.fill(MARKS[mark.tone], { x: 0, y: 0, width: CONTENT, height: 32 }).gap(6);
    pen.text(mark.text, { size: 8.6, font: 'bold', color: WHITE, ...centered });
    pen.text(mark.explanation, { size: 6.6, color: WHITE, ...centered });
    pen.y = 40;
  }
  if (branding.logo) {
    drawLogo(pen, branding, { width: CONTENT * 0.7, height: 48, centered: true });
    pen.gap(6);
  }
  pen.text(issuer.name, { size: 10.5, font: 'bold', ...centered });
  for (const { label, value } of issuer.fields) {
    pen.text(label === '' ? value : `${label} ${value}`, { size: 7.6, ...centered });
  }
  pen
    .gap(5)
    .rule(INK, 0.8)
    .gap(4)
    .text(title, { size: 9.4, font: 'bold', ...centered })
    .gap(2);
  heading.forEach((field, index) => {
    const strong = index === 0 ? { valueSize: 9.4, bold: true } : {};
    spreadField(pen, field, { size: 7.8, ...strong });
  });
  if (buyer) {
    pen.gap(3).rule(HAIRLINE, 0.6).gap(3);
    for (const field of buyer.fields) inlineField(pen, field, { size: 7.8 });
  }
  if (details.length > 0) {
    pen.gap(3).rule(HAIRLINE, 0.6).gap(3);
    for (const field of details) spreadField(pen, field, { size: 7.4 });
  }
  pen.gap(4).rule(INK, 0.8).gap(3);
  const head = { size: 7.2, font: 'bold' } as const;
  pen.line('Descripción', head).line('Valor', { ...head, align: 'right' });
  return pen
    .gap(7.2 * LEADING + 3)
    .rule(HAIRLINE, 0.6)
    .gap(2)
    .block();
}

/** Name; then quantity × price to the left and the amount to the right; then what else it says. */
function lineOf({ cells, exempt, notes }: RiLine, { columns }: Representation): Block {
  const pen = new Pen(CONTENT);
  const size = 7.8;
  const indent = exempt ? 9 : 0;
  const number = columns.some(({ name }) => name === 'linea') ? `${cells.linea ?? ''}. ` : '';
  if (exempt) pen.line('E', { size, font: 'bold' });
  pen.text(`${number}${cells.descripcion ?? ''}`, { size, x: indent, width: CONTENT - indent });
  const unit = cells.unidad === undefined ? '' : ` ${cells.unidad}`;
  const product = `${cells.cantidad ?? ''}${unit} × ${cells.precio ?? ''}`;
  const value = cells.valor ?? '';
  if (widthOf(product, size) + widthOf(value, size) + 12 > CONTENT) {
    pen.text(product, { size, color: MUTED });
  } else {
    pen.line(product, { size, color: MUTED });
  }
  pen.line(value, { size, align: 'right' }).gap(size * LEADING);
  const facts = columns.flatMap(({ name, label }) => {
    const text = IN_PLACE.has(name) ? undefined : cells[name];
    return text === undefined ? [] : { label: `${label}:`, value: text };
  });
  flowFields(pen, facts, { size: 7 });
  for (const note of notes) pen.text(note, { size: 7, color: MUTED });
  return pen.gap(2.5).block();
}

const IN_PLACE = new Set<string>(['linea', 'cantidad', 'descripcion', 'unidad', 'precio', 'valor']);

function totalsOf({ totals, otherCurrency, subtotals, notes }: Representation): Block {
  const pen = new Pen(CONTENT).gap(2).rule(INK, 0.8).gap(4);
  for (const field of subtotals) spreadField(pen, field, { size: 7.4 });
  if (subtotals.length > 0) pen.gap(3).rule(HAIRLINE, 0.6).gap(3);
  for (const row of totals) drawTotal(pen, row);
  // The total of the document has a rule below it already.
  let ruled = totals.at(-1)?.weight === 'grand';
  const others = totals.filter((row) => row.otherCurrency !== undefined);
  if (otherCurrency !== undefined && others.length > 0) {
    if (!ruled) pen.gap(3).rule(HAIRLINE, 0.6).gap(3);
    ruled = false;
    for (const { label, otherCurrency: value = '', weight } of others) {
      const field: RiField = { label: label.replace(/:$/, ` ${otherCurrency}:`), value };
      spreadField(pen, field, { size: 7.8, bold: weight === 'grand' });
    }
  }
  if (notes.length > 0) {
    if (!ruled) pen.gap(3).rule(HAIRLINE, 0.6).gap(3);
    for (const note of notes) inlineField(pen, note, { size: 7.2 });
  }
  return pen.block();
}

function drawTotal(pen: Pen, { label, value, weight }: RiTotal): void {
  if (weight !== 'grand') {
    spreadField(pen, { label, value }, { size: weight === 'part' ? 7.2 : 7.8 });
    return;
  }
  const size = 11;
  pen.gap(3).rule(HAIRLINE, 0.6).gap(3).line(label, { size, font: 'bold' });
  if (widthOf(label, size, 'bold') + widthOf(value, size, 'bold') + 10 > CONTENT) {
    pen.gap(size * LEADING);
  }
  pen.line(value, { size, font: 'bold', align: 'right' });
  pen
    .gap(size * LEADING + 3)
    .rule(HAIRLINE, 0.6)
    .gap(3);
}

/** QR code in the middle of the bottom, as continuous paper has it; code and date below it. */
function endOf(representation: Representation): Block {
  const { qrUrl, codigoSeguridad, fechaFirma, legends, branding } = representation;
  const pen = new Pen(CONTENT).gap(6 + QR_QUIET);
  const size = qrModules(qrUrl).length * MODULE;
  pen.add({ kind: 'qr', x: (CONTENT - size) / 2, y: pen.y, width: size, height: size });
  pen.gap(size + QR_QUIET);
  const below = pen.y;
  pen.text(`Código de Seguridad: ${codigoSeguridad}`, { size: 8, font: 'bold', ...centered });
  pen.text(`Fecha de Firma Digital: ${fechaFirma}`, { size: 7.8, ...centered });
  for (const legend of legends) {
    pen.gap(4).text(legend, { size: 7.4, font: 'bold', ...centered });
  }
  if (branding.footerText !== undefined && branding.footerText !== '') {
    pen.gap(5).text(branding.footerText, { size: 7.6, ...centered });
  }
  pen.gap(4);
  for (const text of ['Representación Impresa de un', 'Comprobante Fiscal Electrónico']) {
    pen.text(text, { size: 6.8, color: MUTED, ...centered });
  }
  pen.y = Math.max(pen.y, below + QR_FROM_END);
  return pen.block();
}

import type { Representation } from '../../model.js';
import { Pen, type Block } from '../pen.js';
import { HAIRLINE, INK, MUTED } from '../theme.js';
import { BOTTOM, CONTENT, QR_QUIET, QR_SIZE } from './sheet.js';

const LINE = 'Representación Impresa de un Comprobante Fiscal Electrónico';

/** Bottom of a page: branding, legends, page number; ends at BOTTOM. */
export function footerOf(
  { branding, legends }: Representation,
  page: number,
  pages: number,
): Block {
  const pen = new Pen(CONTENT);
  for (const legend of legends) pen.text(legend, { size: 7, font: 'bold', color: INK });
  if (legends.length > 0) pen.gap(4);
  pen.rule(HAIRLINE, 0.6).gap(4);
  if (branding.footerText !== undefined && branding.footerText !== '') {
    pen.text(branding.footerText, { size: 7.2, color: INK });
  }
  pen.line(LINE, { size: 6.8, color: MUTED });
  pen.line(`Página ${page} de ${pages}`, { size: 6.8, color: MUTED, align: 'right' });
  return pen.gap(9).block();
}

/** QR code, security code and date of signature (Informe Técnico e-CF v1.0, p. 34). */
export function verificationOf({ codigoSeguridad, fechaFirma }: Representation): Block {
  const pen = new Pen(CONTENT);
  pen.add({ kind: 'qr', x: 0, y: QR_QUIET, width: QR_SIZE, height: QR_SIZE });
  pen.gap(QR_SIZE + 2 * QR_QUIET);
  pen.text(`Código de Seguridad: ${codigoSeguridad}`, { size: 7.6, font: 'bold' });
  return pen.text(`Fecha de Firma Digital: ${fechaFirma}`, { size: 7.6 }).block();
}

export const footerTop = (footer: Block): number => BOTTOM - footer.height;

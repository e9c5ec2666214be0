import { qrModules } from '../qr/qr-modules.js';
import { Markup, markup } from './escape.js';

/** Informe Técnico e-CF v1.0, p. 34: a quiet zone of 3 mm around at least 22 mm. */
const QUIET_MODULES = 4;

/**
 * The QR code as one path, dark runs of each row; sized by the style sheet. Four modules around it
 * are what ISO/IEC 18004 asks; the sheet adds the rest of DGII's 3 mm.
 */
export function qrSvg(url: string): Markup {
  const rows = qrModules(url);
  const side = String(rows.length + 2 * QUIET_MODULES);
  const path = rows.map((row, y) => runsOf(row, y + QUIET_MODULES)).join('');
  return markup`<svg
    class="qr"
    viewBox="0 0 ${side} ${side}"
    role="img"
    aria-label="Código QR: consulta del comprobante en la DGII"
    shape-rendering="crispEdges"
  >
    <path d="${path}" />
  </svg>`;
}

function runsOf(row: readonly boolean[], y: number): string {
  let path = '';
  for (let from = row.indexOf(true); from !== -1;) {
    const end = row.indexOf(false, from);
    const to = end === -1 ? row.length : end;
    path += `M${from + QUIET_MODULES} ${y}h${to - from}v1H${from + QUIET_MODULES}z`;
    from = row.indexOf(true, to);
  }
  return path;
}

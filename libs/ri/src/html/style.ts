import { createHash } from 'node:crypto';
import type { Branding } from '../branding/branding.js';
import { HAIRLINE, INK, MARKS, MUTED, TINT, accentOf } from '../layout/theme.js';

/** Measures are those of the letter PDF; on paper the browser repeats what heads the lines. */
const SHEET = `
*{box-sizing:border-box}
html{background:#eceef1;color:INK;font:9pt/1.4 "DejaVu Sans Condensed","DejaVu Sans",Verdana,
"Segoe UI",sans-serif}
body{margin:0}
.sheet{background:#fff;max-width:216mm;margin:8mm auto;padding:12mm 20mm;
box-shadow:0 1px 6px #0003;overflow-wrap:anywhere}
h1,h2,p,table{margin:0}
h1{color:ACCENT;font-size:11.5pt;line-height:1.3}
h2{font-size:13.5pt;line-height:1.25;margin:0 0 1mm}
h3{color:ACCENT;font-size:7.5pt;letter-spacing:.03em;margin:0 0 1mm;text-transform:uppercase}
.label{color:MUTED}
.field{font-size:8pt}
.logo{display:block;height:16mm;margin:0 0 2.5mm;max-width:60mm;object-fit:contain;
object-position:left}
.mark{align-items:center;color:#fff;display:flex;flex-wrap:wrap;font-size:10pt;font-weight:700;
gap:1mm 6mm;justify-content:space-between;margin:0 0 4mm;padding:2mm 3mm}
.mark small{font-size:8pt;font-weight:400}
.mark.rejected{background:REJECTED}
.mark.pending{background:PENDING}
.top{display:flex;gap:8mm;justify-content:space-between;padding:0 0 4mm}
.issuer{flex:1 1 55%}
.issuer .field{display:inline-block;margin-right:5mm}
.heading{align-self:flex-start;background:TINT;border-top:.7mm solid ACCENT;flex:0 0 70mm;
padding:3mm}
.heading h1{border-bottom:.2mm solid HAIRLINE;margin:0 0 1.5mm;padding:0 0 1.5mm}
.heading .field{font-weight:700}
.heading .field:first-of-type{font-size:10pt}
.heading .label,.details .label{font-size:8pt;font-weight:400}
.heading .field,.details .field{display:flex;gap:1mm 4mm;justify-content:space-between}
.heading .field,.details .field{align-items:baseline;flex-wrap:wrap}
.parties{border-top:.2mm solid HAIRLINE;display:flex;flex-wrap:wrap;gap:4mm 8mm;
justify-content:space-between;padding:2.5mm 0 4mm}
.client{flex:1 1 45%}
.client .field:first-of-type{font-weight:700}
.client .label{font-weight:400}
.details{flex:0 1 62mm}
.scroll{overflow-x:auto}
.lines{border-collapse:collapse;font-size:8pt;width:100%}
.lines th{border-bottom:.35mm solid ACCENT;color:ACCENT;padding:1mm 1.5mm;text-align:left;
vertical-align:bottom}
.lines td{border-bottom:.2mm solid HAIRLINE;padding:1.2mm 1.5mm;vertical-align:top}
.lines th:first-child,.lines td:first-child{padding-left:0}
.lines th:last-child,.lines td:last-child{padding-right:3mm}
.lines .right{text-align:right}
.lines th,.lines .left{overflow-wrap:normal}
.lines .codigo{min-width:14mm;overflow-wrap:anywhere}
.lines td.right,.totals td{font-variant-numeric:tabular-nums;overflow-wrap:normal;
white-space:nowrap}
.lines .description{min-width:42mm;width:40%}
.lines .note{color:MUTED;font-size:7pt}
.lines .subtotals td{background:TINT;padding:1.5mm;text-align:right}
.exempt{font-weight:700;margin-right:1.5mm;text-decoration:none}
.end{align-items:flex-start;break-inside:avoid;display:flex;flex-wrap:wrap;gap:5mm 8mm;
justify-content:space-between;padding:4mm 0 0}
.aside{flex:1 1 50mm}
.aside section{margin-bottom:3mm}
.stamp{font-size:8pt;padding-top:5mm}
.qr{display:block;height:32mm;margin:0 0 1mm;width:32mm}
.code{font-weight:700}
.stamp a{color:inherit}
.totals{border-collapse:collapse;flex:0 0 92mm;font-size:8.5pt;margin-left:auto}
.totals thead td{color:MUTED;font-size:7.5pt}
.totals th{color:MUTED;font-weight:400;padding:.5mm 3mm;text-align:left}
.totals td{padding:.5mm 3mm;text-align:right}
.totals .part th,.totals .part td{color:MUTED;font-size:7.5pt}
.totals .part th{padding-left:6mm}
.totals .grand th,.totals .grand td{background:ACCENT;color:#fff;font-size:10.5pt;font-weight:700;
padding:1.3mm 3mm}
.legend{border:.2mm solid MUTED;font-size:8pt;margin-top:4mm;padding:2mm 3mm}
.foot{border-top:.2mm solid HAIRLINE;color:MUTED;font-size:7pt;margin-top:4mm;padding-top:1.5mm}
.foot strong{color:INK;display:block;font-weight:400}
@media (max-width:170mm){.sheet{margin:0;padding:5mm}.top{display:block}
.heading{margin-top:3mm}.details{flex:1 1 100%}
.end{row-gap:0}.aside,.totals{flex:1 1 100%;margin-left:0}}
@media print{
@page{size:letter;margin:12mm 20mm 18mm;
@bottom-right{color:MUTED;content:"Página " counter(page) " de " counter(pages);font-size:7pt}}
html{background:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.sheet{box-shadow:none;margin:0;max-width:none;padding:0}
.scroll{overflow:visible}
.stamp a{display:none}
.stamp{float:left;padding-top:3mm;width:60mm}
.tail .legend{margin:28mm 0 0 66mm}
.tail .legend~.legend{margin-top:2mm}
.foot{clear:both}
.sheet{display:table;width:100%}
.head{break-inside:avoid;display:table-header-group}
.flow{display:table-row-group}
.tail{break-inside:avoid;display:table-footer-group}
.lines tr,.mark,.top,.legend,.totals tr{break-inside:avoid}
.lines .subtotals{break-after:page}
}
`;

const COLORS: Readonly<Record<string, string>> = {
  ...{ INK, MUTED, HAIRLINE, TINT },
  ...{ REJECTED: MARKS.rejected, PENDING: MARKS.pending },
};

/** The style sheet in the tenant's colour; a colour that is none is not written into it. */
export function styleSheet(branding: Branding): string {
  const colors: Readonly<Record<string, string>> = { ...COLORS, ACCENT: accentOf(branding) };
  return SHEET.replace(/\b[A-Z]{3,}\b/g, (name) => colors[name] ?? name);
}

/** Source expression of a content security policy that allows exactly this style sheet. */
export function styleHash(sheet: string): string {
  return `'sha256-${createHash('sha256').update(sheet, 'utf8').digest('base64')}'`;
}

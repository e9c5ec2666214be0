import { createHash } from 'node:crypto';
import { DEFAULT_ACCENT } from '../branding/branding.js';

const COLOR = /^#[0-9a-f]{6}$/i;

/** Measures are those of the letter PDF; on paper the browser repeats what heads the lines. */
const SHEET = `
*{box-sizing:border-box}
html{background:#eceef1;color:#1d2129;font:10pt/1.4 "DejaVu Sans",Verdana,"Segoe UI",sans-serif}
body{margin:0}
.sheet{background:#fff;max-width:216mm;margin:8mm auto;padding:14mm;border-radius:1mm;
box-shadow:0 1px 6px #0003;overflow-wrap:anywhere}
h1,h2,p,table{margin:0}
h1{color:ACCENT;font-size:13pt;line-height:1.25}
h2{color:ACCENT;font-size:12pt;line-height:1.25}
h3{color:ACCENT;font-size:8pt;letter-spacing:.04em;margin:0 0 1mm;text-transform:uppercase}
.label{color:#5a6270}
.field{font-size:8.5pt}
.logo{display:block;margin:0 0 3mm;max-height:24mm;max-width:64mm;object-fit:contain}
.mark{border:.6mm solid;border-radius:1mm;font-size:14pt;font-weight:700;letter-spacing:.04em;
margin:0 0 6mm;padding:3mm 4mm;text-align:center}
.mark small{display:block;font-size:8.5pt;font-weight:400;letter-spacing:0}
.mark.rejected{background:#fdecea;color:#a1140b}
.mark.pending{background:#fff6e0;color:#7a4b00}
.top{border-bottom:.6mm solid ACCENT;display:flex;gap:8mm;justify-content:space-between;
padding:0 0 4mm}
.top .issuer{flex:1 1 55%}
.top .heading{flex:0 1 40%;text-align:right}
.top .heading .field:first-of-type{font-size:10.5pt;font-weight:700;margin-top:1mm}
.parties{display:flex;flex-wrap:wrap;gap:4mm 8mm;padding:4mm 0}
.parties section{flex:1 1 42%}
.scroll{overflow-x:auto}
.lines{border-collapse:collapse;font-size:8.5pt;width:100%}
.lines th{background:ACCENT;color:#fff;font-weight:600;padding:1.6mm 2mm;text-align:left;
vertical-align:bottom}
.lines td{border-bottom:.2mm solid #d9dde3;padding:1.5mm 2mm;vertical-align:top}
.lines .right{text-align:right}
.lines td.right,.totals td{font-variant-numeric:tabular-nums;overflow-wrap:normal;
white-space:nowrap}
.lines .description{min-width:42mm}
.lines .note{color:#5a6270;font-size:7.5pt}
.lines .subtotals td{background:#f4f6f8;text-align:right}
.exempt{text-decoration:none;border:.2mm solid #5a6270;border-radius:.6mm;font-size:7.5pt;margin-right:1mm;padding:0 .8mm}
.end{align-items:flex-start;break-inside:avoid;display:flex;flex-wrap:wrap;gap:6mm;justify-content:space-between;
padding:5mm 0 0}
.stamp{font-size:8.5pt;width:80mm}
.qr{display:block;height:38mm;margin:1mm;width:38mm}
.stamp a{color:inherit}
.totals{border-collapse:collapse;font-size:9pt;margin-left:auto}
.totals thead td{color:#5a6270;font-size:8pt}
.totals th{color:#5a6270;font-weight:400;padding:.8mm 4mm .8mm 0;text-align:left}
.totals td{padding:.8mm 0 .8mm 5mm;text-align:right}
.totals .part th,.totals .part td{color:#5a6270;font-size:8pt}
.totals .part th{padding-left:4mm}
.totals .grand th,.totals .grand td{border-top:.4mm solid ACCENT;color:ACCENT;font-size:12pt;
font-weight:700;padding-top:1.6mm}
.more{padding:4mm 0 0}
.legend{border:.2mm solid #5a6270;font-size:8.5pt;margin-top:4mm;padding:2mm 3mm}
.foot{border-top:.2mm solid #d9dde3;color:#5a6270;font-size:8pt;margin-top:5mm;padding-top:2mm;
text-align:center}
@media (max-width:170mm){.sheet{margin:0;padding:5mm}.top{display:block}
.top .heading{margin-top:3mm;text-align:left}.totals{margin-left:0;width:100%}}
@media print{
@page{size:letter;margin:14mm 18mm 20mm;
@bottom-right{content:"Página " counter(page) " de " counter(pages);font-size:8pt}}
html{background:#fff;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.sheet{box-shadow:none;margin:0;max-width:none;padding:0}
.scroll{overflow:visible}
.lines tr,.mark,.top,.legend{break-inside:avoid}
.lines .subtotals{break-after:page}
.lines .subtotals+.subtotals{break-before:avoid}
.totals tr{break-inside:avoid}
}
`;

/** The style sheet in the tenant's colour; a colour that is none is not written into it. */
export function styleSheet(accentColor: string | undefined): string {
  const accent =
    accentColor !== undefined && COLOR.test(accentColor) ? accentColor : DEFAULT_ACCENT;
  return SHEET.replaceAll('ACCENT', accent);
}

/** Source expression of a content security policy that allows exactly this style sheet. */
export function styleHash(sheet: string): string {
  return `'sha256-${createHash('sha256').update(sheet, 'utf8').digest('base64')}'`;
}

import type { Representation, RiField, RiLine, RiParty } from '../model.js';
import { NOTHING, Markup, markup } from './escape.js';
import { qrSvg } from './qr-svg.js';
import { styleHash, styleSheet } from './style.js';

export interface RiHtml {
  readonly html: string;
  /**
   * For the header `Content-Security-Policy`: no script, no request, this one style sheet, images
   * as `data:` only. The page states all but the last two directives itself, for saved copies.
   */
  readonly contentSecurityPolicy: string;
}

/** The printed representation as one self-contained page, for the screen and for a browser's print. */
export function renderHtml(representation: Representation): RiHtml {
  const { title, encf, branding } = representation;
  const sheet = styleSheet(branding);
  const policy =
    `default-src 'none'; style-src ${styleHash(sheet)}; img-src data:; ` +
    "base-uri 'none'; form-action 'none'";
  const page = markup`<!doctype html>
    <html lang="es-DO">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${title} ${encf}</title>
        <style>${new Markup(sheet)}</style>
      </head>
      <body>
        <main class="sheet">${body(representation)}</main>
      </body>
    </html> `;
  return {
    html: page.text,
    contentSecurityPolicy: `${policy}; frame-ancestors 'none'; sandbox`,
  };
}

/** In the order of the PDF; on paper the first and the last part are on every page. */
function body(representation: Representation): Markup {
  const { mark, issuer, title, heading, buyer, details, notes, legends } = representation;
  const { footerText } = representation.branding;
  return markup`<div class="head">
      ${
        mark &&
        markup`<p class="mark ${mark.tone}">${mark.text} <small>${mark.explanation}</small></p>`
      }
      <header class="top">
        <section class="issuer">
          ${logo(representation)}
          <h2>${issuer.name}</h2>
          ${fields(issuer.fields)}
        </section>
        <section class="heading">
          <h1>${title}</h1>
          ${fields(heading)}
        </section>
      </header>
    </div>
    <div class="flow">
      <div class="parties">${party(buyer)}${block('Detalles', details, 'details')}</div>
      ${lines(representation)}
      <div class="end">
        <div class="aside">
          ${block('Notas', notes)}${block('Subtotales informativos', representation.subtotals)}
        </div>
        ${totals(representation)}
      </div>
    </div>
    <div class="tail">
      ${stamp(representation)}${legends.map((legend) => markup`<p class="legend">${legend}</p>`)}
      <footer class="foot">
        ${footerText === undefined ? NOTHING : markup`<strong>${footerText}</strong>`}
        Representación Impresa de un Comprobante Fiscal Electrónico
      </footer>
    </div>`;
}

const DATA_URL_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/svg+xml']);

/** As an image: whatever a drawing holds, a browser neither runs nor loads it there. */
function logo({ branding, issuer }: Representation): Markup {
  if (branding.logo === undefined || !DATA_URL_TYPES.has(branding.logo.mediaType)) return NOTHING;
  const { mediaType, bytes } = branding.logo;
  const source = `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
  return markup`<img class="logo" src="${source}" alt="${issuer.name}" />`;
}

function fields(list: readonly RiField[]): Markup {
  return markup`${list.map(
    ({ label, value }) =>
      markup`<p class="field">
        ${label === '' ? NOTHING : markup`<span class="label">${label}</span> `}${value}
      </p> `,
  )}`;
}

function block(title: string, list: readonly RiField[], name = 'more'): Markup {
  if (list.length === 0) return NOTHING;
  return markup`<section class="${name}">
    <h3>${title}</h3>
    ${fields(list)}
  </section>`;
}

const party = (who: RiParty | undefined): Markup =>
  who === undefined ? NOTHING : block('Cliente', who.fields, 'client');

/** Declared pages end with their subtotals, the last one with the document's totals instead. */
function lines({ columns, lines: all, declaredPages }: Representation): Markup {
  const pageEnds = new Map(
    declaredPages.slice(0, -1).map(({ lastLine, subtotals }) => [lastLine, subtotals]),
  );
  const span = String(columns.length);
  const rows = all.map((line, index) => {
    const cells = columns.map(({ name, align }) =>
      name === 'descripcion'
        ? description(line)
        : markup`<td class="${align} ${name}">${line.cells[name] ?? ''}</td>`,
    );
    const subtotals = pageEnds.get(index + 1) ?? [];
    const end =
      subtotals.length === 0
        ? NOTHING
        : markup`<tr class="subtotals">
            <td colspan="${span}">${fields(subtotals)}</td>
          </tr> `;
    return markup`<tr>
        ${cells}
      </tr>
      ${end}`;
  });
  const titles = columns.map(
    ({ label, align }) => markup`<th scope="col" class="${align}">${label}</th>`,
  );
  return markup`<div class="scroll">
    <table class="lines">
      <thead>
        <tr>
          ${titles}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function description({ exempt, cells, notes }: RiLine): Markup {
  const mark = exempt ? markup`<abbr class="exempt" title="Exento de ITBIS">E</abbr>` : NOTHING;
  const further = notes.map((note) => markup`<div class="note">${note}</div>`);
  return markup`<td class="description">${mark}${cells.descripcion ?? ''}${further}</td>`;
}

/** Address, security code and date under the QR code (Informe Técnico e-CF v1.0, p. 34). */
function stamp({ qrUrl, codigoSeguridad, fechaFirma }: Representation): Markup {
  return markup`<section class="stamp">
    ${qrSvg(qrUrl)}
    <p class="code">Código de Seguridad: ${codigoSeguridad}</p>
    <p><span class="label">Fecha de Firma Digital:</span> ${fechaFirma}</p>
    <p><a href="${webAddress(qrUrl)}" rel="noreferrer noopener">Consultar en la DGII</a></p>
  </section>`;
}

/** Only the page DGII has for it; anything else leads nowhere. */
const webAddress = (url: string): string => (url.startsWith('https://') ? url : '#');

function totals({ totals: all, otherCurrency: currency }: Representation): Markup {
  const rows = all.map(
    ({ label, value, otherCurrency, weight }) =>
      markup`<tr class="${weight}">
        <th scope="row">${label}</th>
        <td>${value}</td>
        ${otherCurrency === undefined ? NOTHING : markup`<td>${otherCurrency}</td>`}
      </tr> `,
  );
  const currencies =
    currency !== undefined && all.some(({ otherCurrency }) => otherCurrency !== undefined)
      ? markup`<thead>
          <tr><th></th><td>DOP</td><td>${currency}</td></tr>
        </thead>`
      : NOTHING;
  return markup`<table class="totals">
    ${currencies}
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

import { createHash } from 'node:crypto';
import type { Answer } from '../http/answer.js';
import { Markup, html } from './html.js';

/** What a stamp page shows: a document and its state, or that there is none. */
export interface Stamp {
  readonly title: string;
  readonly environment: string;
  /** Name and value, in the order in which they are shown; empty when nothing was found. */
  readonly rows: readonly (readonly [name: string, value: string])[];
  /** The sentence that is shown instead of a document. */
  readonly message?: string;
  /** What helps whoever made the address; DGII's own page does not tell. */
  readonly hints: readonly string[];
}

// One style sheet inside the page, so that it looks the same by path and by Host header.
const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #57616e; --line: #d5dae1; --ground: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf1; --quiet: #a3afbd; --line: #344050; --ground: #19212b; }
}
body { margin: 0 auto; padding: 1.2rem; max-width: 40rem; background: var(--ground);
  color: var(--ink); font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
h1 { font-size: 1.25rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.4rem 0.8rem 0.4rem 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { width: 40%; color: var(--quiet); font-weight: 600; }
footer, aside { margin-top: 1.5rem; color: var(--quiet); font-size: 0.88rem; }
`;
/** The element holds the very bytes that the policy names by their digest. */
const STYLE_SHEET = new Markup(`<style>${STYLE}</style>`);
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** A page without scripts, in which every value is text. */
export function stampPage({ title, environment, rows, message, hints }: Stamp): Answer {
  const page = html`<!DOCTYPE html>
    <html lang="es-DO">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${STYLE_SHEET}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${rows.length === 0 ? null : table(rows)}
          ${message === undefined ? null : html`<p role="status">${message}</p>`}
        </main>
        ${hints.length === 0 ? null : notes(hints)}
        <footer>Simulador de la DGII, ambiente ${environment}: sin validez fiscal.</footer>
      </body>
    </html>`;
  return { status: 200, contentType: 'text/html; charset=utf-8', body: page.text };
}

const table = (rows: Stamp['rows']): Markup =>
  html`<table>
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const notes = (hints: readonly string[]): Markup =>
  html`<aside aria-label="Nota del simulador">
    Nota del simulador, que la DGII no muestra:
    <ul>
      ${hints.map((hint) => html`<li>${hint}</li>`)}
    </ul>
  </aside>`;

import { REFUSALS, type Refusal } from '@getupnet/ecf';
import {
  MAGIC_APPROVALS,
  MAGIC_RECEIPTS,
  MAGIC_RECEPTIONS,
  MAGIC_VOIDS,
  type Magic,
} from '../../faults/magic.data.js';
import { ESTADOS } from '../../state/verdict.js';
import { html, type Markup } from '../html.js';

const MOTIVES: Readonly<Record<Refusal, string>> = {
  specification: 'error de especificación',
  signature: 'error de firma digital',
  duplicate: 'envío duplicado',
  wrongBuyer: 'el RNC del comprador no corresponde',
};

/** Values in a document that bring about a result, in any installation and without this page. */
export function magicSection(): Markup {
  const receipts = MAGIC_RECEIPTS.map(({ buyer, amount, refusal }) => [
    buyer,
    amount,
    `No recibido, motivo ${REFUSALS[refusal]}: ${MOTIVES[refusal]}`,
  ]);
  const receptions = MAGIC_RECEPTIONS.map(({ buyer, amount, magic }) => [
    buyer,
    amount,
    magicText(magic),
  ]);
  return html`<section id="valores" aria-labelledby="titulo-valores">
    <h2 id="titulo-valores">Valores mágicos</h2>
    <p>Un documento que por lo demás está en orden recibe este resultado.</p>
    ${table(['RNC del comprador', 'o MontoTotal', 'e-CF o RFCE'], receptions)}
    <details>
      <summary>Acuses, aprobaciones y anulaciones</summary>
      ${table(['RNC del comprador', 'o MontoTotal', 'Acuse del emisor-receptor'], receipts)}
      ${table(['MontoTotal', 'Aprobación comercial rechazada'], Object.entries(MAGIC_APPROVALS))}
      ${table(['Primer número', 'Anulación rechazada'], Object.entries(MAGIC_VOIDS))}
    </details>
  </section>`;
}

/** Every column but the last holds values to copy. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.slice(0, -1).map((value) => html`<td><code>${value}</code></td>`)}
              <td>${cells.at(-1)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function magicText({ verdict, polls, lateQueries, answerLost }: Magic): string {
  const own = 'el resultado que le toque';
  if (polls !== undefined) return `En Proceso por ${polls} consultas, luego ${own}`;
  if (lateQueries !== undefined)
    return `No se encuentra por ${lateQueries} consultas, luego ${own}`;
  if (answerLost === true) return 'Se recibe y se juzga, pero la respuesta se pierde';
  if (verdict === undefined) return own;
  const number = verdict.secuenciaUtilizada ? 'queda utilizado' : 'queda libre';
  return `${ESTADOS[verdict.codigo]}${verdict.codigo === '2' ? `; el número ${number}` : ''}`;
}

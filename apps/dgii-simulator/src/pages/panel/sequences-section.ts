import type { SequenceState } from '../../control/sequence-states.js';
import { html, type Markup } from '../html.js';

/** Rows of the table at most: who needs more asks the control API. */
const MAX_ROWS = 200;

/** What became of the numbers of each taxpayer and type. */
export function sequencesSection(sequences: readonly SequenceState[]): Markup {
  return html`<section id="secuencias" aria-labelledby="titulo-secuencias">
    <h2 id="titulo-secuencias">Secuencias</h2>
    ${
      sequences.length === 0
        ? html`<p class="quiet">Ningún contribuyente ha enviado ni anulado nada todavía.</p>`
        : table(sequences)
    }
  </section>`;
}

function table(sequences: readonly SequenceState[]): Markup {
  const left = sequences.length - MAX_ROWS;
  return html`<div class="scroll" role="region" aria-labelledby="titulo-secuencias" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">Ambiente</th>
            <th scope="col">RNC</th>
            <th scope="col">Tipo</th>
            <th scope="col" class="number">Utilizados</th>
            <th scope="col" class="number">Anulados</th>
            <th scope="col" class="number">Rechazados libres</th>
            <th scope="col" class="number">Mayor recibido</th>
          </tr>
        </thead>
        <tbody>
          ${sequences.slice(0, MAX_ROWS).map(row)}
        </tbody>
      </table>
    </div>
    ${
      left > 0
        ? html`<p class="quiet">Y ${left} más en <code>GET /_control/sequences</code>.</p>`
        : null
    }`;
}

const row = ({ environment, rnc, tipo, used, voided, free, highest }: SequenceState): Markup =>
  html`<tr>
    <td>${environment}</td>
    <td>${rnc}</td>
    <td>${tipo}</td>
    <td class="number">${used}</td>
    <td class="number">${voided}</td>
    <td class="number">${free}</td>
    <td class="number">${highest}</td>
  </tr>`;

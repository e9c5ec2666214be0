import { dominicanDateTime } from '@getupnet/kernel';
import { flag, html, type HtmlValue, type Markup } from '../html.js';
import { OBSERVED } from '../services.js';
import type { TrafficFilter, TrafficRow } from '../traffic/traffic-ring.js';

const DATE_LENGTH = 'dd-MM-yyyy '.length;

/** Live calls: what a browser sees first, and a script keeps up to date. */
export function trafficSection(
  rows: readonly TrafficRow[],
  filter: TrafficFilter,
  newest: number,
): Markup {
  return html`<section id="trafico" aria-labelledby="titulo-trafico">
    <div class="head">
      <h2 id="titulo-trafico">Tráfico</h2>
      <p class="quiet">
        <output id="conexion" role="status">Sin actualizar en vivo</output> ·
        <span id="vistas">${newest}</span> llamadas desde el arranque
      </p>
    </div>
    ${filterForm(filter)}
    <div class="scroll" role="region" aria-labelledby="titulo-trafico" tabindex="0">
      <table id="llamadas" data-newest="${newest}">
        <thead>
          <tr>
            <th scope="col">Hora</th>
            <th scope="col" class="wide">Ambiente</th>
            <th scope="col">Servicio</th>
            <th scope="col">Resultado</th>
            <th scope="col">HTTP</th>
            <th scope="col">e-NCF</th>
            <th scope="col" class="wide">RNC</th>
            <th scope="col" class="wide">Falla</th>
            <th scope="col" class="number wide">Duración</th>
            <th scope="col" class="wide">Respuesta</th>
          </tr>
        </thead>
        <tbody>
          ${[...rows].reverse().map(trafficRow)}
        </tbody>
      </table>
      <p class="empty">Todavía no hay llamadas que mostrar.</p>
    </div>
  </section>`;
}

function filterForm({ service, rnc, encf }: TrafficFilter): Markup {
  return html`<form id="filtro" class="fields" method="get" action="/" role="search">
    <label>
      RNC
      <input name="rnc" value="${rnc}" inputmode="numeric" maxlength="11" autocomplete="off" />
    </label>
    <label>
      e-NCF
      <input name="encf" value="${encf}" maxlength="13" autocomplete="off" />
    </label>
    <label>
      Servicio
      <select name="service">
        <option value="">Todos</option>
        ${OBSERVED.map(
          (name) =>
            html`<option value="${name}" ${flag('selected', name === service)}>${name}</option>`,
        )}
      </select>
    </label>
    <button>Filtrar</button>
    <button type="button" id="pausa" aria-pressed="false" hidden>Pausar</button>
  </form>`;
}

/** One line; also sent by itself to pages that are open. */
export function trafficRow(row: TrafficRow): Markup {
  return html`<tr>
    <td>
      <a href="/_pages/llamadas/${row.id}"
        ><time datetime="${row.time}">${clockTime(row.time)}</time></a
      >
    </td>
    <td class="wide">${row.environment}</td>
    <td>${row.service}</td>
    <td>${verdict(row.verdict)}</td>
    <td>${httpStatus(row)}</td>
    <td>${row.encf}</td>
    <td class="wide">${row.rnc}</td>
    <td class="wide">${fault(row.fault)}</td>
    <td class="number wide">${duration(row.durationMs)}</td>
    <td class="wide">${answered(row)}</td>
  </tr>`;
}

const clockTime = (time: string): string =>
  `${dominicanDateTime(new Date(time)).slice(DATE_LENGTH)}${time.slice(19, 23)}`;

function httpStatus({ httpStatus: status, answer }: TrafficRow): HtmlValue {
  if (status !== null) {
    return html`<span class="badge ${status < 400 ? 'good' : 'bad'}">${status}</span>`;
  }
  return answer === 'delivered' ? null : html`<span class="badge bad">cortada</span>`;
}

const GOOD = /^(Aceptado|Aprobada|Conforme|Recibido)$/;
const BAD = /^(Rechazad|No )/;

function verdict(word: string | null): HtmlValue {
  if (word === null) return null;
  const tone = GOOD.test(word) ? 'good' : BAD.test(word) ? 'bad' : 'middling';
  return html`<span class="badge ${tone}">${word}</span>`;
}

const fault = (kind: string | null): HtmlValue =>
  kind === null ? null : html`<span class="badge middling">${kind}</span>`;

const duration = (ms: number | null): string =>
  ms === null ? '' : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;

const answered = ({ answer, service }: TrafficRow): HtmlValue =>
  isCall(service) ? fate(answer) : null;

/** A switched fault or a reset is in the ledger, but nobody was answered. */
const isCall = (service: string): boolean => service !== 'control' && service !== 'reset';

const fate = (answer: TrafficRow['answer']): HtmlValue =>
  answer === 'delivered' ? 'entregada' : html`<span class="badge bad">retenida</span>`;

/** Everything that is known of one call. */
export function trafficDetails(row: TrafficRow): Markup {
  const { line } = row;
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ['Hora', `${dominicanDateTime(new Date(row.time))} (${row.time})`],
    ['Ambiente', row.environment],
    ['Servicio', row.service],
    ['RNC', row.rnc],
    ['e-NCF', row.encf],
    ['trackId', line?.trackId],
    ['HTTP', httpStatus(row)],
    ['Resultado', verdict(row.verdict)],
    ['Secuencia utilizada', yesNo(line?.secuenciaUtilizada)],
    ['Mensajes', messages(row)],
    ['Falla', fault(row.fault)],
    ['Procesada', yesNo(line?.processed)],
    ['Respuesta', answered(row)],
    ['Duración', duration(row.durationMs)],
    ['SHA-256', line?.sha256],
  ];
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return html`<article aria-labelledby="titulo-llamada">
    <h1 id="titulo-llamada">Llamada ${row.id}: ${row.service}</h1>
    <dl>
      ${known.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${
      line === null
        ? html`<p class="quiet">Esta llamada no deja línea en la bitácora.</p>`
        : html`<h2>Línea ${line.seq} de la bitácora</h2>
            <pre tabindex="0">${JSON.stringify(line, undefined, 2)}</pre>`
    }
    ${
      row.answerText === null || row.answerText === ''
        ? null
        : html`<h2>Respuesta</h2>
            <pre tabindex="0">${row.answerText}</pre>`
    }
  </article>`;
}

const yesNo = (value: boolean | null | undefined): string | null =>
  value === null || value === undefined ? null : value ? 'Sí' : 'No';

function messages({ line }: TrafficRow): HtmlValue {
  const told = (line?.mensajes ?? []).filter(({ valor }) => valor !== '');
  if (told.length === 0) return null;
  return html`<ul>
    ${told.map(({ codigo, valor }) => html`<li><code>${codigo}</code> ${valor}</li>`)}
  </ul>`;
}

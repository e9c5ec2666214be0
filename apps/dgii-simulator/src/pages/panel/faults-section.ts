import type { SimulatorState } from '../../control/control.js';
import { faultSchema } from '../../faults/fault.js';
import { forcedVerdictSchema } from '../../faults/forced-verdicts.js';
import { ESTADOS } from '../../state/verdict.js';
import { html, type HtmlValue, type Markup } from '../html.js';
import { schemaForm } from './form.js';
import { FAULT_TEXTS, FIELD_TEXTS } from './texts.data.js';

/** Lines of a list at most: a script may have set thousands. */
const MAX_LISTED = 100;

/** What is on, how to switch it off, and how to switch more on. */
export function faultsSection(state: SimulatorState): Markup {
  return html`<section id="fallas" aria-labelledby="titulo-fallas">
    <h2 id="titulo-fallas">Fallas</h2>
    ${activeFaults(state)}
    <details>
      <summary>Encender una falla o anunciar un mantenimiento</summary>
      ${schemaForm({
        id: 'nueva-falla',
        target: '/_control/faults',
        button: 'Encender',
        schema: faultSchema,
      })}
    </details>
  </section>`;
}

/** The part of the section that changes. */
export function activeFaults({ faults, seed }: SimulatorState): Markup {
  return html`<div id="fallas-activas">
    <p class="quiet">Semilla de las probabilidades: <code>${seed}</code></p>
    ${
      faults.length === 0
        ? html`<p class="quiet">Ninguna: todo responde como debe.</p>`
        : html`<ul class="list">
              ${faults.slice(0, MAX_LISTED).map(({ id, fault, hits }) => {
                const { kind, ...fields } = fault;
                return html`<li>
                  <span>
                    <strong class="badge middling">${kind}</strong> ${FAULT_TEXTS[kind]}
                    <small>${fieldTexts(fields)} · ${hits} ${hits === 1 ? 'vez' : 'veces'}</small>
                  </span>
                  <button type="button" class="small" data-delete="/_control/faults/${id}">
                    Apagar<span class="hidden"> ${kind}</span>
                  </button>
                </li>`;
              })}
            </ul>
            ${rest(faults.length)}
            <button type="button" data-delete="/_control/faults">Apagar todas</button>`
    }
  </div>`;
}

const rest = (count: number): HtmlValue =>
  count > MAX_LISTED ? html`<p class="quiet">Y ${count - MAX_LISTED} más.</p>` : null;

function fieldTexts(fields: object): string {
  const told = Object.entries(fields).filter(([, value]) => value !== undefined);
  const texts = told.map(([name, value]) => `${FIELD_TEXTS[name] ?? name}: ${textOf(value)}`);
  return texts.length === 0 ? 'todas las llamadas' : texts.join(' · ');
}

function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'sí' : 'no';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Verdicts given beforehand. */
export function verdictsSection(state: SimulatorState): Markup {
  return html`<section id="resultados" aria-labelledby="titulo-resultados">
    <h2 id="titulo-resultados">Resultados forzados</h2>
    ${forcedVerdicts(state)}
    <details>
      <summary>Forzar el resultado de un e-NCF</summary>
      ${schemaForm({
        id: 'nuevo-resultado',
        target: '/_control/verdicts',
        button: 'Forzar',
        schema: forcedVerdictSchema,
      })}
    </details>
  </section>`;
}

/** The part of the section that changes. */
export function forcedVerdicts({ forcedVerdicts: forced }: SimulatorState): Markup {
  return html`<div id="resultados-activos">
    ${
      forced.length === 0
        ? html`<p class="quiet">Ninguno: cada documento recibe el suyo.</p>`
        : html`<ul class="list">
              ${forced.slice(0, MAX_LISTED).map(({ codigo, encf, ...fields }) => {
                return html`<li>
                  <span>
                    <strong>${encf}</strong> ${ESTADOS[codigo]}
                    <small>${Object.keys(fields).length === 0 ? null : fieldTexts(fields)}</small>
                  </span>
                </li>`;
              })}
            </ul>
            ${rest(forced.length)}
            <button type="button" data-delete="/_control/verdicts">Quitar todos</button>`
    }
  </div>`;
}

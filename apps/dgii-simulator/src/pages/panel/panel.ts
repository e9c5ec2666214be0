import type { SimulatorState } from '../../control/control.js';
import type { SequenceState } from '../../control/sequence-states.js';
import { html, type Markup } from '../html.js';
import type { TrafficFilter, TrafficRow } from '../traffic/traffic-ring.js';
import { addressesSection } from './addresses-section.js';
import { faultsSection, verdictsSection } from './faults-section.js';
import { magicSection } from './magic-section.js';
import { sequencesSection } from './sequences-section.js';
import { trafficSection } from './traffic-section.js';

/** Everything the page shows. */
export interface PanelView {
  readonly state: SimulatorState;
  readonly sequences: readonly SequenceState[];
  readonly rows: readonly TrafficRow[];
  readonly newest: number;
  readonly filter: TrafficFilter;
  /** Address by which the page was reached. */
  readonly baseUrl: string;
}

/** The simulator's page: what happens, what it knows, what is broken on purpose. */
export function panel(view: PanelView): Markup {
  return html`<header>
      <h1>Simulador de la DGII</h1>
      <nav aria-label="Secciones">
        <a href="#trafico">Tráfico</a>
        <a href="#fallas">Fallas</a>
        <a href="#resultados">Resultados</a>
        <a href="#valores">Valores</a>
        <a href="#secuencias">Secuencias</a>
        <a href="#direcciones">Direcciones</a>
        <a href="#reinicio">Reinicio</a>
        <a href="/_portal">Portal de certificación</a>
      </nav>
    </header>
    <main>
      ${trafficSection(view.rows, view.filter, view.newest)} ${faultsSection(view.state)}
      ${verdictsSection(view.state)} ${magicSection()} ${sequencesSection(view.sequences)}
      ${addressesSection(view.baseUrl)} ${resetSection(view.state)}
    </main>
    <dialog id="detalle" aria-labelledby="titulo-llamada">
      <form method="dialog"><button>Cerrar</button></form>
      <div></div>
    </dialog>`;
}

function resetSection({ ledgerLines }: SimulatorState): Markup {
  return html`<section id="reinicio" aria-labelledby="titulo-reinicio">
    <h2 id="titulo-reinicio">Reinicio</h2>
    <p>
      Olvida documentos, secuencias, semillas, fallas y resultados forzados. La bitácora
      (${ledgerLines} líneas) se conserva: <a href="/_control/ledger">verla completa</a>.
    </p>
    <button
      type="button"
      class="danger"
      data-reset="/_control/reset"
      data-confirm="¿Olvidar todos los documentos y las fallas?"
    >
      Reiniciar
    </button>
    <output role="status"></output>
  </section>`;
}

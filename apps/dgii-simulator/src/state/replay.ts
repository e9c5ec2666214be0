import type { CounterpartStore } from './counterpart-store.js';
import type { DocumentStore } from './document-store.js';
import type { LedgerEntry } from './ledger.js';
import type { FinalCodigo } from './verdict.js';

/** Estado of an ARECF. */
const RECEIVED = '0';

/** Puts one ledger line back into the store: what DGII knew before it was restarted. */
export function replayEntry(
  store: DocumentStore,
  counterpart: CounterpartStore,
  entry: LedgerEntry,
): void {
  if (entry.service === 'reset') {
    store.clear();
    counterpart.clear();
    return;
  }
  const { environment, rnc, encf, codigo, voided } = entry;
  if (environment !== null && rnc !== null && voided !== undefined) {
    store.void(environment, rnc, voided);
  }
  if (environment === null || rnc === null || encf === null) return;
  if (entry.service === 'aprobacioncomercial' && codigo === '1') {
    store.approve(environment, rnc, encf);
  }
  if (entry.service === 'receptorrecepcion' && codigo === RECEIVED && entry.facts !== null) {
    counterpart.take(rnc, encf, entry.facts);
  }
  if (!isFinal(codigo)) return;
  if (entry.service === 'emisoremision' && entry.facts !== null) {
    counterpart.issue(rnc, encf, entry.facts);
    const { mensajes } = entry;
    counterpart.acknowledge(rnc, encf, { codigo: codigo === '1' ? '1' : '2', mensajes });
  }
  if (entry.service !== 'recepcion' && entry.service !== 'recepcionfc') return;
  const receivedAtMs = Date.parse(entry.time);
  store.record(
    {
      environment,
      rnc,
      encf,
      trackId: entry.trackId,
      verdict: {
        codigo,
        mensajes: entry.mensajes,
        secuenciaUtilizada: entry.secuenciaUtilizada ?? true,
      },
      receivedAtMs,
      visibleAtMs: entry.visibleAt === null ? receivedAtMs : Date.parse(entry.visibleAt),
      pendingPolls: entry.pendingPolls,
    },
    entry.facts,
  );
}

function isFinal(codigo: string | null): codigo is FinalCodigo {
  return codigo === '1' || codigo === '2' || codigo === '4';
}

import type { Environment } from '@getupnet/contracts';
import type { Codigo, DocumentFacts, Verdict } from './verdict.js';

/** One judged delivery of a document. */
export interface Delivery {
  readonly environment: Environment;
  readonly rnc: string;
  readonly encf: string;
  /** Null for an RFCE, whose verdict is in the answer. */
  readonly trackId: string | null;
  readonly verdict: Verdict;
  readonly receivedAtMs: number;
  /** Before this instant the result is En Proceso. */
  readonly visibleAtMs: number;
  /** Result queries that still answer En Proceso, whatever the time. */
  pendingPolls: number;
}

interface NumberRecord {
  readonly deliveries: Delivery[];
  /** The delivery that decides what the number is; a later duplicate never replaces it. */
  effective: Delivery;
  facts: DocumentFacts | null;
}

const keyOf = (environment: Environment, rnc: string, encf: string): string =>
  `${environment}|${rnc}|${encf}`;

/** Everything DGII remembers: a few hundred bytes per e-NCF, never XML. */
export class DocumentStore {
  private readonly numbers = new Map<string, NumberRecord>();
  private readonly tracks = new Map<string, Delivery>();

  record(delivery: Delivery, facts: DocumentFacts | null): void {
    if (delivery.trackId !== null) this.tracks.set(delivery.trackId, delivery);
    const key = keyOf(delivery.environment, delivery.rnc, delivery.encf);
    const known = this.numbers.get(key);
    if (known === undefined) {
      this.numbers.set(key, { deliveries: [delivery], effective: delivery, facts });
      return;
    }
    known.deliveries.push(delivery);
    if (known.effective.verdict.secuenciaUtilizada) return;
    known.effective = delivery;
    known.facts = facts;
  }

  track(trackId: string): Delivery | undefined {
    return this.tracks.get(trackId);
  }

  deliveries(environment: Environment, rnc: string, encf: string): readonly Delivery[] {
    return this.numbers.get(keyOf(environment, rnc, encf))?.deliveries ?? [];
  }

  /** Whether a number is used up: an accepted document, or a rejection that burned it. */
  isUsed(environment: Environment, rnc: string, encf: string): boolean {
    const known = this.numbers.get(keyOf(environment, rnc, encf));
    return known?.effective.verdict.secuenciaUtilizada ?? false;
  }

  /** The document a number stands for, once its verdict can be seen at `atMs`. */
  visible(
    environment: Environment,
    rnc: string,
    encf: string,
    atMs: number,
  ): { readonly delivery: Delivery; readonly facts: DocumentFacts | null } | undefined {
    const known = this.numbers.get(keyOf(environment, rnc, encf));
    if (known === undefined || codigoAt(known.effective, atMs) === '3') return undefined;
    return { delivery: known.effective, facts: known.facts };
  }

  clear(): void {
    this.numbers.clear();
    this.tracks.clear();
  }

  counts(): { readonly numbers: number; readonly tracks: number } {
    return { numbers: this.numbers.size, tracks: this.tracks.size };
  }
}

/** The code a query sees at this instant: En Proceso until the delay and the polls are over. */
export function codigoAt(delivery: Delivery, atMs: number): Codigo {
  const pending = delivery.pendingPolls > 0 || atMs < delivery.visibleAtMs;
  return pending ? '3' : delivery.verdict.codigo;
}

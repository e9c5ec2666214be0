import type { Environment } from '@getupnet/contracts';
import { includes, merge, type NumberRange } from './ranges.js';
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

/** Numbers of one type that will never be used. */
export interface VoidedNumbers extends NumberRange {
  readonly tipo: string;
}

/** Everything DGII remembers: a few hundred bytes per e-NCF, never XML. */
export class DocumentStore {
  private readonly numbers = new Map<string, NumberRecord>();
  private readonly tracks = new Map<string, Delivery>();
  private readonly voids = new Map<string, readonly NumberRange[]>();

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

  void(environment: Environment, rnc: string, ranges: readonly VoidedNumbers[]): void {
    for (const tipo of new Set(ranges.map((range) => range.tipo))) {
      const key = keyOf(environment, rnc, tipo);
      const own = ranges.filter((range) => range.tipo === tipo).map(bounds);
      this.voids.set(key, merge([...(this.voids.get(key) ?? []), ...own]));
    }
  }

  isVoided(environment: Environment, rnc: string, encf: string): boolean {
    const voided = this.voids.get(keyOf(environment, rnc, encf.slice(1, 3)));
    return voided !== undefined && includes(voided, Number(encf.slice(3)));
  }

  /** Numbers of a type that are used or voided, merged. */
  taken(environment: Environment, rnc: string, tipo: string): NumberRange[] {
    const prefix = keyOf(environment, rnc, `E${tipo}`);
    const used: NumberRange[] = [];
    for (const [key, { effective }] of this.numbers) {
      if (!key.startsWith(prefix) || !effective.verdict.secuenciaUtilizada) continue;
      const number = Number(effective.encf.slice(3));
      used.push({ first: number, last: number });
    }
    return merge([...used, ...(this.voids.get(keyOf(environment, rnc, tipo)) ?? [])]);
  }

  /** Name of a taxpayer, as its last document wrote it. */
  nameOf(environment: Environment, rnc: string): string | null {
    const prefix = keyOf(environment, rnc, '');
    let name: string | null = null;
    for (const [key, { facts }] of this.numbers) {
      if (facts !== null && key.startsWith(prefix)) name = facts.razonSocialEmisor;
    }
    return name;
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
    this.voids.clear();
  }

  counts(): { readonly numbers: number; readonly tracks: number } {
    return { numbers: this.numbers.size, tracks: this.tracks.size };
  }
}

const bounds = ({ first, last }: NumberRange): NumberRange => ({ first, last });

/** The code a query sees at this instant: En Proceso until the delay and the polls are over. */
export function codigoAt(delivery: Delivery, atMs: number): Codigo {
  const pending = delivery.pendingPolls > 0 || atMs < delivery.visibleAtMs;
  return pending ? '3' : delivery.verdict.codigo;
}

import type { Environment } from '@getupnet/contracts';
import { flatText } from './flat-text.js';
import { includes, merge, type NumberRange } from './ranges.js';
import { isAccepted, type Codigo, type DocumentFacts, type Verdict } from './verdict.js';

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
  readonly first: Delivery;
  /** Further deliveries of the number: few have any. */
  later: Delivery[] | undefined;
  /** The delivery that decides what the number is; a later duplicate never replaces it. */
  effective: Delivery;
  facts: DocumentFacts | null;
}

/** A document that refers to another. */
export interface KnownNote {
  readonly rnc: string;
  readonly encf: string;
  readonly facts: DocumentFacts;
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
  /** Number of a document → numbers of those that refer to it. */
  private readonly referrers = new Map<string, Set<string>>();
  private readonly approvals = new Set<string>();

  record(delivery: Delivery, facts: DocumentFacts | null): void {
    if (delivery.trackId !== null) this.tracks.set(delivery.trackId, delivery);
    this.refer(delivery, facts);
    const key = flatText(keyOf(delivery.environment, delivery.rnc, delivery.encf));
    const known = this.numbers.get(key);
    if (known === undefined) {
      const [first, effective] = [delivery, delivery];
      this.numbers.set(key, { first, later: undefined, effective, facts });
      return;
    }
    (known.later ??= []).push(delivery);
    if (known.effective.verdict.secuenciaUtilizada) return;
    known.effective = delivery;
    known.facts = facts;
  }

  private refer({ environment, rnc, encf }: Delivery, facts: DocumentFacts | null): void {
    if (facts?.modifica === undefined) return;
    const modified = keyOf(environment, facts.modifica.rnc, facts.modifica.encf);
    const known = this.referrers.get(modified);
    if (known !== undefined) known.add(keyOf(environment, rnc, encf));
    else this.referrers.set(modified, new Set([keyOf(environment, rnc, encf)]));
  }

  /** Accepted documents that refer to a number, in the order in which their numbers came. */
  notesOn(environment: Environment, rnc: string, encf: string): readonly KnownNote[] {
    const keys = this.referrers.get(keyOf(environment, rnc, encf)) ?? [];
    return [...keys].flatMap((key) => {
      const note = this.numbers.get(key);
      if (note === undefined || note.facts === null) return [];
      const { effective, facts } = note;
      const isOn = facts.modifica?.rnc === rnc && facts.modifica.encf === encf;
      if (!isOn || !isAccepted(effective.verdict)) return [];
      return [{ rnc: effective.rnc, encf: effective.encf, facts }];
    });
  }

  /** The buyer of a document has said whether it approves. */
  approve(environment: Environment, rnc: string, encf: string): void {
    this.approvals.add(keyOf(environment, rnc, encf));
  }

  isApproved(environment: Environment, rnc: string, encf: string): boolean {
    return this.approvals.has(keyOf(environment, rnc, encf));
  }

  /** Whether a number was received whose verdict cannot be seen yet. */
  isPending(environment: Environment, rnc: string, encf: string, atMs: number): boolean {
    const known = this.numbers.get(keyOf(environment, rnc, encf));
    return known !== undefined && codigoAt(known.effective, atMs) === '3';
  }

  track(trackId: string): Delivery | undefined {
    return this.tracks.get(trackId);
  }

  deliveries(environment: Environment, rnc: string, encf: string): readonly Delivery[] {
    const known = this.numbers.get(keyOf(environment, rnc, encf));
    return known === undefined ? [] : [known.first, ...(known.later ?? [])];
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

  /** The delivery that each number stands for. */
  *standing(): Generator<Delivery> {
    for (const { effective } of this.numbers.values()) yield effective;
  }

  /** Everything that was voided. */
  *voided(): Generator<readonly [Environment, rnc: string, tipo: string, readonly NumberRange[]]> {
    for (const [key, ranges] of this.voids) {
      const [environment, rnc = '', tipo = ''] = key.split('|');
      yield [environment as Environment, rnc, tipo, ranges];
    }
  }

  clear(): void {
    this.numbers.clear();
    this.tracks.clear();
    this.voids.clear();
    this.referrers.clear();
    this.approvals.clear();
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

import { faultSchema, type ScriptedFault } from '../faults/fault.js';
import type { ActiveFault, FaultBook } from '../faults/fault-book.js';
import {
  forcedVerdictSchema,
  type ForcedVerdict,
  type ForcedVerdicts,
} from '../faults/forced-verdicts.js';
import type { Semillas } from '../services/semillas.js';
import type { CounterpartStore } from '../state/counterpart-store.js';
import type { DocumentStore } from '../state/document-store.js';
import { NO_CALL, type Ledger, type LedgerEntry } from '../state/ledger.js';
import { sequenceStates, type SequenceState } from './sequence-states.js';

interface ControlParts {
  readonly now: () => Date;
  readonly seed: string;
  readonly faults: FaultBook;
  readonly forced: ForcedVerdicts;
  readonly store: DocumentStore;
  readonly counterpart: CounterpartStore;
  readonly semillas: Semillas;
  readonly ledger: Ledger;
  /** Keeps what it knows of documents elsewhere. */
  readonly portal: { clear(): void };
}

/** Which lines of the ledger are wanted: all that match every given field. */
export type LedgerFilter = Partial<
  Pick<LedgerEntry, 'environment' | 'service' | 'rnc' | 'encf' | 'trackId' | 'sha256'>
>;

export interface SimulatorState {
  readonly seed: string;
  readonly numbers: number;
  readonly tracks: number;
  readonly ledgerLines: number;
  readonly faults: readonly ActiveFault[];
  readonly forcedVerdicts: readonly ForcedVerdict[];
}

/** What a test or an operator can do to DGII; the same in code and under `/_control`. */
export class SimulatorControl {
  constructor(private readonly parts: ControlParts) {}

  /** Sets a fault and returns its id. Throws a ZodError on a malformed one. */
  addFault(fault: ScriptedFault): string {
    return this.parts.faults.add(faultSchema.parse(fault));
  }

  removeFault(id: string): boolean {
    return this.parts.faults.remove(id);
  }

  clearFaults(): void {
    this.parts.faults.clear();
  }

  /** Decides the next delivery of an e-NCF (or the next `times`), if the document is in order. */
  forceVerdict(verdict: ForcedVerdict): void {
    this.parts.forced.add(forcedVerdictSchema.parse(verdict));
  }

  clearForcedVerdicts(): void {
    this.parts.forced.clear();
  }

  /**
   * Forgets documents, postulations, semillas, faults and forced verdicts; the ledger gets a line
   * and goes on.
   */
  async reset(): Promise<void> {
    const { store, counterpart, semillas, faults, forced, ledger, portal } = this.parts;
    store.clear();
    counterpart.clear();
    semillas.clear();
    faults.clear();
    forced.clear();
    portal.clear();
    ledger.append({ ...RESET_LINE, time: this.parts.now().toISOString() });
    await ledger.durable();
  }

  /** The ledger's lines, oldest first. */
  async ledger(filter: LedgerFilter = {}): Promise<LedgerEntry[]> {
    const found: LedgerEntry[] = [];
    for await (const entry of this.entries(filter)) found.push(entry);
    return found;
  }

  /** The same one by one, for ledgers too long to hold. */
  async *entries(filter: LedgerFilter = {}): AsyncGenerator<LedgerEntry> {
    const wanted = Object.entries(filter) as [keyof LedgerFilter, string | null][];
    for await (const entry of this.parts.ledger.entries()) {
      if (wanted.every(([key, value]) => entry[key] === value)) yield entry;
    }
  }

  /** What became of the numbers of each taxpayer and type, ordered. */
  sequences(): readonly SequenceState[] {
    return sequenceStates(this.parts.store);
  }

  state(): SimulatorState {
    return {
      seed: this.parts.seed,
      ...this.parts.store.counts(),
      ledgerLines: this.parts.ledger.length,
      faults: this.parts.faults.list(),
      forcedVerdicts: this.parts.forced.list(),
    };
  }
}

const RESET_LINE = { ...NO_CALL, service: 'reset' } as const;

import type { LateVisibility, LedgerEntry } from '../state/ledger.js';
import type { FaultTarget } from './fault.js';
import { QUERIES } from './fault-scope.js';

type Subject = Pick<FaultTarget, 'environment' | 'rnc' | 'encf'>;

const ASKING: ReadonlySet<string> = new Set(QUERIES);

/** Of more, those that were hidden first show early. */
const MAX_HIDDEN = 100_000;

/** Takes out what was put in first. */
export function dropOldest(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

const keyOf = ({ environment, rnc, encf }: Subject): string => `${environment}|${rnc}|${encf}`;

/** Documents that DGII has taken and that its queries do not know yet. */
export class LateDocuments {
  private readonly hidden = new Map<string, { queries: number; readonly untilMs: number }>();

  hide(subject: Subject, { queries, until }: LateVisibility): void {
    this.hidden.set(keyOf(subject), { queries, untilMs: Date.parse(until) });
    if (this.hidden.size > MAX_HIDDEN) dropOldest(this.hidden);
  }

  /** Whether this call asks for a document that cannot be found yet; counts the query. */
  hides(target: FaultTarget): boolean {
    if (this.hidden.size === 0 || !ASKING.has(target.operation)) return false;
    const found = this.hidden.get(keyOf(target));
    if (found === undefined) return false;
    if (found.queries > 0) {
      found.queries -= 1;
      return true;
    }
    if (target.at.getTime() < found.untilMs) return true;
    this.hidden.delete(keyOf(target));
    return false;
  }

  get size(): number {
    return this.hidden.size;
  }

  clear(): void {
    this.hidden.clear();
  }

  /** Puts back what a line of the ledger says. Queries asked before a restart count again. */
  replay(entry: LedgerEntry): void {
    if (entry.service === 'reset') this.clear();
    if (entry.late !== undefined) this.hide(entry, entry.late);
  }
}

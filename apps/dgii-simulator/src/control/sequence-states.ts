import type { Environment } from '@getupnet/contracts';
import type { DocumentStore } from '../state/document-store.js';

/** What became of the numbers of one taxpayer and type. */
export interface SequenceState {
  readonly environment: Environment;
  readonly rnc: string;
  readonly tipo: string;
  readonly used: number;
  readonly voided: number;
  /** Rejected in a way that leaves the number to another document. */
  readonly free: number;
  /** The highest number received; 0 where there are only voids. */
  readonly highest: number;
}

type Counts = { -readonly [Field in keyof SequenceState]: SequenceState[Field] };

/** Every taxpayer's types, in order; walks over all that is known. */
export function sequenceStates(store: DocumentStore): readonly SequenceState[] {
  const found = new Map<string, Counts>();
  const countsOf = (environment: Environment, rnc: string, tipo: string): Counts => {
    const key = `${environment}|${rnc}|${tipo}`;
    const known = found.get(key);
    if (known !== undefined) return known;
    const counts = { environment, rnc, tipo, used: 0, voided: 0, free: 0, highest: 0 };
    found.set(key, counts);
    return counts;
  };
  for (const { environment, rnc, encf, verdict } of store.standing()) {
    const counts = countsOf(environment, rnc, encf.slice(1, 3));
    if (verdict.secuenciaUtilizada) counts.used += 1;
    else counts.free += 1;
    counts.highest = Math.max(counts.highest, Number(encf.slice(3)));
  }
  for (const [environment, rnc, tipo, ranges] of store.voided()) {
    const counts = countsOf(environment, rnc, tipo);
    for (const { first, last } of ranges) counts.voided += last - first + 1;
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, counts]) => counts);
}

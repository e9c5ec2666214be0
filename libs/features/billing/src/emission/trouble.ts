import { isFinalState, type DocumentState } from '@getupnet/contracts';
import type { EmissionDocument } from './emission-document.js';

/**
 * What a step tells of a document's troubles. `fault`: its handling failed with an error no service
 * being down explains. `start`: its handling begins although it was handed over before without any
 * trace of an end. `none`: neither, but no progress either.
 */
export type Trouble = 'fault' | 'start' | 'none';

/** Troubles in a row. */
export interface Troubles {
  readonly faults: number;
  readonly starts: number;
}

/** Hand-overs without a trace after which a document is handled alone, its begin written down. */
const SUSPECT_AFTER = 2;
/** Faults in a row that make a dead letter; with their pauses, two minutes. */
export const MOST_FAULTS = 8;
/**
 * Times in a row that handling began and nothing was heard of it again. On a machine in trouble workers
 * die of other things too: by chance five deaths in a row met one healthy document in some hundred.
 */
export const MOST_STARTS = 10;

/**
 * Whether the document may be what its workers die of. The hand-overs alone do not say so: its jobs
 * may have waited in the queue, or been flushed from it.
 */
export function isSuspect({ handOvers, starts }: EmissionDocument): boolean {
  return handOvers > SUSPECT_AFTER || starts > 0;
}

/** Counters after a step. An intent to send, or doubt about one, is no progress by itself. */
export function troubleAfter(
  { faults, starts }: Troubles,
  to: DocumentState,
  trouble?: Trouble,
): Troubles {
  if (trouble === 'fault') return { faults: faults + 1, starts: 0 };
  if (trouble === 'start') return { faults, starts: starts + 1 };
  if (isFinalState(to)) return { faults: 0, starts: 0 };
  const keeps = trouble === 'none' || to === 'SENDING' || to === 'UNKNOWN';
  return { faults: keeps ? faults : 0, starts: 0 };
}

export function isTooMuch({ faults, starts }: Troubles): boolean {
  return faults >= MOST_FAULTS || starts >= MOST_STARTS;
}

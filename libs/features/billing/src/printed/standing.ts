import type { DocumentState } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { RiMode, RiStanding } from '@getupnet/ri';

/** What of a document's state is printed: a mark, and a legend. */
export interface PrintedState {
  readonly standing: RiStanding;
  readonly mode: RiMode;
}

const STANDINGS: Partial<Readonly<Record<DocumentState, RiStanding>>> = {
  ACCEPTED: 'accepted',
  CONDITIONALLY_ACCEPTED: 'accepted',
  REJECTED: 'rejected',
};

/**
 * Rejects with `document.state` for one that was voided: it never was a document. What was issued in
 * contingency says so for ever, like what states that it is deferred: a later copy is the same copy.
 */
export function printedStateOf(state: DocumentState, inContingency: boolean): PrintedState {
  if (state === 'VOIDED') throw new AppError('document.state', { state });
  return { standing: STANDINGS[state] ?? 'pending', mode: modeOf(state, inContingency) };
}

function modeOf(state: DocumentState, inContingency: boolean): RiMode {
  if (inContingency || state === 'CONTINGENCY') return 'contingency';
  return state === 'DEFERRED' ? 'deferred' : 'normal';
}

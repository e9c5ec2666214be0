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
const MODES: Partial<Readonly<Record<DocumentState, RiMode>>> = {
  CONTINGENCY: 'contingency',
  DEFERRED: 'deferred',
};

/** Rejects with `document.state` for one that was voided: it never was a document. */
export function printedStateOf(state: DocumentState): PrintedState {
  if (state === 'VOIDED') throw new AppError('document.state', { state });
  return { standing: STANDINGS[state] ?? 'pending', mode: MODES[state] ?? 'normal' };
}

import { isFinalState, type DocumentState } from '@getupnet/contracts';

/**
 * The one table of what may follow what. Nothing else in the product changes a document's state:
 * every step is a row of the transition writer, and the writer's caller asks here first.
 */
const NEXT: Readonly<Record<DocumentState, readonly DocumentState[]>> = {
  HELD: ['QUEUED', 'VOIDED'],
  QUEUED: ['SIGNED', 'SENDING', 'VOIDED'],
  // The intent to send is committed before the POST, so SENDING is the only way out to DGII.
  SIGNED: ['SENDING', 'CONTINGENCY', 'DEFERRED', 'VOIDED'],
  CONTINGENCY: ['SENDING'],
  DEFERRED: ['SENDING'],
  // Back to SIGNED only when DGII certainly did not take it (no connection, refused with a reason).
  SENDING: ['SUBMITTED', 'UNKNOWN', 'SIGNED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED'],
  // Asked about first; SENDING again (same bytes) only after DGII said it does not know it.
  UNKNOWN: ['SUBMITTED', 'SENDING', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED'],
  // Asked about again only when DGII says that our own unanswered send had taken the number.
  SUBMITTED: ['UNKNOWN', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED'],
  ACCEPTED: [],
  CONDITIONALLY_ACCEPTED: [],
  REJECTED: [],
  VOIDED: [],
};

/** Whether a step exists; an open document may also stay where it is and be looked at later. */
export function mayBecome(from: DocumentState, to: DocumentState): boolean {
  return NEXT[from].includes(to) || (from === to && !isFinalState(from));
}

/** Throws on a step the table does not have: a bug, never a user's mistake. */
export function assertMayBecome(from: DocumentState, to: DocumentState): void {
  if (!mayBecome(from, to)) throw new Error(`illegal document transition ${from} → ${to}`);
}

/** Name of the audit event that records the arrival in a state. */
export function eventTypeOf(state: DocumentState): string {
  return `document.${state.toLowerCase()}`;
}

/** The only names of a document's state, in code, API and database. */
export const DOCUMENT_STATES = [
  'QUEUED',
  'SIGNED',
  'SENDING',
  'SUBMITTED',
  'ACCEPTED',
  'CONDITIONALLY_ACCEPTED',
  'REJECTED',
  'UNKNOWN',
  'CONTINGENCY',
  'HELD',
  'DEFERRED',
  'VOIDED',
] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

export const FINAL_STATES = ['ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED'] as const;

const FINAL: ReadonlySet<string> = new Set(FINAL_STATES);

export function isFinalState(state: DocumentState): boolean {
  return FINAL.has(state);
}

export function isDocumentState(value: string): value is DocumentState {
  return (DOCUMENT_STATES as readonly string[]).includes(value);
}

import { DOCUMENT_STATES, isFinalState, type DocumentState } from '@getupnet/contracts';
import { MOST_FAULTS, MOST_STARTS, TRANSITIONS, eventTypeOf } from '@getupnet/feature-billing';

const MEANING: Readonly<Record<DocumentState, string>> = {
  QUEUED: 'Accepted and numbered; not signed yet.',
  HELD: 'A note that waits for the document it refers to.',
  SIGNED: 'Its bytes are final for this number; DGII does not have it.',
  CONTINGENCY: 'Signed while the link to DGII is down; goes in order when it is back.',
  DEFERRED: 'Signed, to be sent later the same day (IndicadorEnvioDiferido).',
  SENDING: 'The intent to send is committed; somebody holds a lease, or died with it.',
  UNKNOWN: 'Nobody knows whether the bytes arrived: DGII is asked before anything else.',
  SUBMITTED: 'DGII gave a trackId and has not decided yet.',
  ACCEPTED: 'Aceptado.',
  CONDITIONALLY_ACCEPTED: 'Aceptado Condicional: valid, with remarks.',
  REJECTED: 'Rechazado; DGII says whether the number is used.',
  VOIDED: 'Never sent; its number is free for a correction or an annulment.',
};

/** The state table for people. */
export function statesPage(): string {
  const states = DOCUMENT_STATES.map(
    (state) => `| \`${state}\` | ${isFinalState(state) ? 'final' : 'open'} | ${MEANING[state]} |`,
  );
  const rows = TRANSITIONS.map(({ from, to, by, when }) => {
    const start = from === null ? '—' : `\`${from}\``;
    return `| ${start} | \`${to}\` | ${by.join(', ')} | ${when} | \`${eventTypeOf(to)}\` |`;
  });
  return [
    '# States of a document',
    '',
    'Generated from the state table of billing by `npm run docs`. A step that is not in the table is',
    'refused, also one by another hand than those named. The arrival in a state is exactly one audit',
    'event, in the transaction of the step; so are its bytes and whatever it sets in motion. Nothing',
    'leaves a final state. In an open one a document may stay: put off, or with a failure counted.',
    '',
    '| State | | Meaning |',
    '| --- | --- | --- |',
    ...states,
    '',
    '| From | To | By | When | Event |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## Leases and epochs',
    '',
    'Each row of `document` has an epoch that moves on with every change of state and every lease. A',
    'step names the state and epoch it was decided on, and is not applied to any other: who was',
    'stopped for an hour writes nothing, also when the document has come back to the state it had.',
    'Calls to the signer and to DGII are made only within the time of a lease, measured by the',
    'monotonic and the wall clock; dgii-client is told when the lease ends.',
    '',
    '## Dead letters',
    '',
    `A document whose handling fails ${MOST_FAULTS} times in a row (about two minutes), or ${MOST_STARTS} times in a row`,
    'was begun and never heard of again, waits for a person: event and alert `document.dead_letter`,',
    'metric `documents_dead_letters`, list `GET /admin/documents`. So does one that DGII refuses with',
    'an HTTP error and a reason, or that cannot be signed. `POST /admin/documents/{id}/replay`, or',
    '`POST /tenant/invoices/{id}/retry`, lets it go on from the state it is in, with the same bytes.',
    'Services that are down are no failures: documents wait for them without being counted.',
    '',
  ].join('\n');
}

import { isFinalState, type DocumentState } from '@getupnet/contracts';

/** Who moves a document: accepting it, or one of the stages, wherever they run. */
export type StepMaker = 'accept' | 'held' | 'sign' | 'send' | 'ask' | 'poll';

/** One row of the state table. */
export interface Transition {
  /** Null: the document comes into being. */
  readonly from: DocumentState | null;
  readonly to: DocumentState;
  readonly by: readonly StepMaker[];
  /** What must have happened. */
  readonly when: string;
}

/**
 * The one table of what may follow what, and by whose hand. Nothing else in the product changes a
 * document's state: every step is a row of the transition writer, and the writer's caller asks here.
 */
export const TRANSITIONS: readonly Transition[] = [
  {
    from: null,
    to: 'QUEUED',
    by: ['accept'],
    when: 'number, row, unsigned XML and idempotency key are committed',
  },
  {
    from: null,
    to: 'HELD',
    by: ['accept'],
    when: 'the same for a note whose referenced document of ours is not final',
  },
  { from: 'HELD', to: 'QUEUED', by: ['held'], when: 'DGII accepted the referenced document' },
  {
    from: 'HELD',
    to: 'VOIDED',
    by: ['held'],
    when: 'the referenced document was rejected or voided; the number is free again',
  },
  {
    from: 'QUEUED',
    to: 'SIGNED',
    by: ['sign'],
    when: 'the signer journalled the signature; the bytes are stored and final',
  },
  {
    from: 'SIGNED',
    to: 'SENDING',
    by: ['sign', 'send'],
    when: 'the intent to send is committed, with a lease, before the POST',
  },
  {
    from: 'SIGNED',
    to: 'CONTINGENCY',
    by: ['sign', 'send'],
    when: 'the link to DGII is down; the document stays valid and is sent in order later',
  },
  {
    from: 'SIGNED',
    to: 'DEFERRED',
    by: ['sign', 'send'],
    when: 'it says IndicadorEnvioDiferido=1; it is sent later the same day',
  },
  { from: 'CONTINGENCY', to: 'SENDING', by: ['send'], when: 'the link is back, in its turn' },
  { from: 'DEFERRED', to: 'SENDING', by: ['send'], when: 'its time to be sent has come' },
  {
    from: 'DEFERRED',
    to: 'CONTINGENCY',
    by: ['send'],
    when: 'its time has come and the link to DGII is down',
  },
  { from: 'SENDING', to: 'SUBMITTED', by: ['send', 'poll'], when: 'DGII answered a trackId' },
  ...verdicts('SENDING', ['send'], 'the answer is the verdict (RFCE)'),
  {
    from: 'SENDING',
    to: 'SIGNED',
    by: ['send'],
    when: 'DGII certainly did not take it: no connection, or refused with a reason',
  },
  {
    from: 'SENDING',
    to: 'CONTINGENCY',
    by: ['send'],
    when: 'the same while the link to DGII is down: back into the line, in its place',
  },
  {
    from: 'SENDING',
    to: 'UNKNOWN',
    by: ['send', 'poll', 'ask'],
    when: 'no usable answer, the sender stopped before one, or it may be our own echo',
  },
  { from: 'UNKNOWN', to: 'SUBMITTED', by: ['ask'], when: 'DGII has it: its trackId is adopted' },
  ...verdicts('UNKNOWN', ['ask'], 'the query itself tells the verdict'),
  {
    from: 'UNKNOWN',
    to: 'SENDING',
    by: ['send'],
    when: 'DGII does not know it after the in-flight window: the same bytes again',
  },
  ...verdicts('SUBMITTED', ['poll'], 'the result of the trackId'),
  {
    from: 'SUBMITTED',
    to: 'UNKNOWN',
    by: ['poll'],
    when:
      'DGII says the number is taken, perhaps by our own unanswered send (asked once), ' +
      'or knows neither its trackId nor its number any more',
  },
];

function verdicts(
  from: DocumentState,
  by: readonly StepMaker[],
  when: string,
): readonly Transition[] {
  const states = ['ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED'] as const;
  return states.map((to) => ({ from, to, by, when }));
}

const MAKERS: ReadonlyMap<string, ReadonlySet<StepMaker>> = new Map(
  TRANSITIONS.map(({ from, to, by }) => [keyOf(from, to), new Set(by)]),
);

function keyOf(from: DocumentState | null, to: DocumentState): string {
  return `${from ?? ''}>${to}`;
}

/**
 * Whether a step exists (by that hand, if one is named). An open document may also stay where it is,
 * by anybody's: to be looked at later, or to have a failure counted.
 */
export function mayBecome(from: DocumentState | null, to: DocumentState, by?: StepMaker): boolean {
  if (from === to) return !isFinalState(from);
  const makers = MAKERS.get(keyOf(from, to));
  return makers !== undefined && (by === undefined || makers.has(by));
}

/** Throws on a step the table does not have: a bug, never a user's mistake. */
export function assertMayBecome(
  from: DocumentState | null,
  to: DocumentState,
  by?: StepMaker,
): void {
  if (mayBecome(from, to, by)) return;
  const whose = by === undefined ? '' : ` by ${by}`;
  throw new Error(`illegal document transition ${from ?? 'nothing'} → ${to}${whose}`);
}

/** Name of the audit event that records the arrival in a state. */
export function eventTypeOf(state: DocumentState): string {
  return `document.${state.toLowerCase()}`;
}

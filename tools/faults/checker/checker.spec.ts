import { acknowledged } from './acknowledged.js';
import type { AckEntry, DocumentRow, Evidence, EventRow, LedgerLine } from './evidence.js';
import { numbers } from './numbers.js';
import { sendings } from './sendings.js';
import { answers, outgoing } from './surroundings.js';
import { transitions } from './transitions.js';

const TENANT = 'tenant-1';
const RNC = '131880738';
const second = (n: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, n)).toISOString();

const document = (own: Partial<DocumentRow>): DocumentRow => ({
  tenant_id: TENANT,
  id: 'd1',
  environment: 'testecf',
  tipo: 31,
  encf: 'E310000000001',
  generation: 1,
  range_id: 'r1',
  state: 'ACCEPTED',
  idempotency_key: 'k1',
  corrects: null,
  issuer_rnc: RNC,
  secuencia_utilizada: true,
  track_id: 't1',
  created_at: new Date(second(0)),
  last_error: null,
  ...own,
});

const line = (own: Partial<LedgerLine>): LedgerLine => ({
  seq: 1,
  time: second(2),
  environment: 'testecf',
  service: 'recepcion',
  rnc: RNC,
  encf: 'E310000000001',
  sha256: 'bytes-d1',
  trackId: 't1',
  codigo: '1',
  secuenciaUtilizada: true,
  httpStatus: 200,
  answer: 'delivered',
  fault: null,
  processed: true,
  visibleAt: second(2),
  ...own,
});

const events = (id: string, ...states: readonly (readonly [number, string])[]): EventRow[] =>
  states.map(([at, state]) => ({
    tenant_id: TENANT,
    id: `${id}-${at}-${state}`,
    type: `document.${state}`,
    subject_id: id,
    occurred_at: new Date(second(at)),
  }));

const WHOLE_WAY = [
  [0, 'queued'],
  [1, 'signed'],
  [1, 'sending'],
  [3, 'submitted'],
  [3, 'accepted'],
] as const;

const post = (key: string, own: Partial<AckEntry> = {}): AckEntry => {
  return {
    t: 'post',
    at: second(0),
    key,
    tenantId: TENANT,
    rnc: RNC,
    expect: ['ACCEPTED'],
    ...own,
  };
};
const ack = (key: string, id: string, encf: string): AckEntry => {
  return { t: 'ack', at: second(1), key, id, encf };
};
const bytes = (id: string) => {
  const sha = `bytes-${id}`;
  const common = { tenant_id: TENANT, document_id: id };
  return {
    artefact: { ...common, kind: 'signed', stated: sha, computed: sha },
    journal: { ...common, kind: 'ecf', signed_sha256: sha },
  };
};

/** One document went well. */
const CLEAN: Evidence = {
  dir: '',
  run: { faultsEndedAt: second(1), windowMs: 7_000 },
  acks: [post('k1'), ack('k1', 'd1', 'E310000000001')],
  ledger: [line({})],
  documents: [document({})],
  ranges: [
    {
      tenant_id: TENANT,
      id: 'r1',
      environment: 'testecf',
      tipo: 31,
      first: '1',
      last: '9',
      next: '2',
    },
  ],
  voids: [],
  artefacts: [bytes('d1').artefact],
  journal: [bytes('d1').journal],
  events: events('d1', ...WHOLE_WAY),
  outboxRows: 0,
};

/** Its first generation was rejected and freed; the second one was accepted. */
const CORRECTED: Evidence = {
  ...CLEAN,
  acks: [
    post('k1', { expect: ['REJECTED'] }),
    ack('k1', 'd1', 'E310000000001'),
    post('k2', { race: 'k1' }),
    post('k3', { race: 'k1' }),
    ack('k2', 'd2', 'E310000000001'),
    { t: 'refused', at: second(4), key: 'k3', status: 409, code: 'sequence.used' },
  ],
  ledger: [
    line({ codigo: '2', secuenciaUtilizada: false }),
    line({ seq: 2, time: second(6), sha256: 'bytes-d2', trackId: 't2' }),
  ],
  documents: [
    document({ state: 'REJECTED', secuencia_utilizada: false }),
    document({ id: 'd2', generation: 2, corrects: 'd1', idempotency_key: 'k2', track_id: 't2' }),
  ],
  artefacts: [bytes('d1').artefact, bytes('d2').artefact],
  journal: [bytes('d1').journal, bytes('d2').journal],
  events: [
    ...events(
      'd1',
      [0, 'queued'],
      [1, 'signed'],
      [1, 'sending'],
      [3, 'submitted'],
      [3, 'rejected'],
    ),
    ...events(
      'd2',
      [4, 'queued'],
      [5, 'signed'],
      [5, 'sending'],
      [7, 'submitted'],
      [7, 'accepted'],
    ),
  ],
};

/** Sent, not heard of, asked about, unknown at DGII, sent again. */
const RESENT: Evidence = {
  ...CLEAN,
  ledger: [
    line({ processed: false, codigo: null, trackId: null, visibleAt: null }),
    line({ seq: 2, service: 'consultatrackids', time: second(8), sha256: null, codigo: null }),
    line({ seq: 3, time: second(10), visibleAt: second(10) }),
  ],
  events: events(
    'd1',
    ...([
      [0, 'queued'],
      [1, 'signed'],
      [1, 'sending'],
      [7, 'unknown'],
      [9, 'sending'],
      [11, 'submitted'],
      [11, 'accepted'],
    ] as const),
  ),
};

/** The same for a number that a rejected document had before. */
const RESENT_CORRECTION: Evidence = {
  ...CORRECTED,
  ledger: [
    line({ codigo: '2', secuenciaUtilizada: false }),
    line({ seq: 2, time: second(6), sha256: 'bytes-d2', processed: false, codigo: null }),
    line({ seq: 3, service: 'consultatrackids', time: second(8), sha256: null, codigo: null }),
    line({ seq: 4, time: second(9), sha256: 'bytes-d2', trackId: 't2' }),
  ],
  events: [
    ...CORRECTED.events.filter(({ subject_id }) => subject_id === 'd1'),
    ...events('d2', [4, 'queued'], [5, 'signed'], [5, 'sending'], [7, 'unknown'], [8, 'sending']),
    ...events('d2', [10, 'submitted'], [10, 'accepted']),
  ],
};

/** Two numbers of a type that issues nothing were voided. */
const VOIDED: Evidence = {
  ...CLEAN,
  acks: [
    ...CLEAN.acks,
    { t: 'void', at: second(1), key: 'v1', tenantId: TENANT, first: 1, last: 2 },
    { t: 'void-ack', at: second(2), key: 'v1', id: 'x1' },
  ],
  voids: [
    {
      ...{ tenant_id: TENANT, id: 'x1', environment: 'testecf', state: 'ACCEPTED', tipo: 33 },
      ...{ idempotency_key: 'v1', issuer_rnc: RNC, first: '1', last: '2' },
    },
  ],
  ranges: [
    ...CLEAN.ranges,
    {
      ...{ tenant_id: TENANT, id: 'r2', environment: 'testecf', tipo: 33 },
      ...{ first: '1', last: '9', next: '3' },
    },
  ],
  ledger: [...CLEAN.ledger, line({ service: 'anulacionrangos', encf: null, sha256: 'bytes-x1' })],
  artefacts: [...CLEAN.artefacts, { ...bytes('x1').artefact, kind: 'anecf' }],
};

/** `INV-n: offences` of every rule that does not hold. */
function broken(evidence: Evidence): string[] {
  return [
    ...acknowledged(evidence),
    ...numbers(evidence),
    ...sendings(evidence),
    ...transitions(evidence),
    answers(evidence),
    outgoing(evidence),
  ]
    .filter(({ offences }) => offences.length > 0)
    .map(({ id, rule }) => `${id} ${rule}`)
    .sort();
}

describe('the checker', () => {
  test.each([
    ['a document that went well', CLEAN],
    ['a number that was freed and taken again', CORRECTED],
    ['a careful resend', RESENT],
    ['numbers that were voided', VOIDED],
    ['a careful resend of a second generation', RESENT_CORRECTION],
  ])('finds nothing wrong with %s', (_, evidence) => {
    expect(broken(evidence)).toEqual([]);
  });

  const planted: readonly (readonly [string, Evidence, readonly RegExp[]])[] = [
    [
      'a document that was acknowledged and is gone',
      { ...CLEAN, acks: [...CLEAN.acks, post('k9'), ack('k9', 'd9', 'E310000000009')] },
      [/^INV-1 every acknowledged/],
    ],
    [
      'two answers to one key',
      { ...CLEAN, acks: [...CLEAN.acks, ack('k1', 'd2', 'E310000000001')] },
      [/^INV-1 every acknowledged/],
    ],
    [
      'a document without an end',
      { ...RESENT, documents: [document({ state: 'UNKNOWN' })], events: RESENT.events.slice(0, 4) },
      [/^INV-1 every document is final/, /^INV-1 and ended/, /^INV-5 DGII accepted/, /^EMI-4/],
    ],
    [
      'an end that came too late',
      { ...CLEAN, run: { ...CLEAN.run, faultsEndedAt: '2026-11-21T11:57:00.000Z' } },
      [/^INV-1 every document is final/],
    ],
    [
      'another end than the content deserves',
      { ...CLEAN, acks: [post('k1', { expect: ['REJECTED'] }), ...CLEAN.acks.slice(1)] },
      [/^INV-1 and ended/],
    ],
    [
      'a refusal for no reason',
      {
        ...CLEAN,
        acks: [
          ...CLEAN.acks,
          post('k9'),
          { t: 'refused', at: second(2), key: 'k9', status: 422, code: 'x' },
        ],
      },
      [/^INV-1 every post/],
    ],
    ['a document of nobody', { ...CLEAN, acks: [] }, [/^INV-1 and ended/, /^INV-1 no document/]],
    [
      'a number given to two',
      {
        ...CLEAN,
        documents: [document({}), document({ id: 'd2', idempotency_key: 'k2' })],
        acks: [...CLEAN.acks, post('k2'), ack('k2', 'd2', 'E310000000001')],
        artefacts: [bytes('d1').artefact, bytes('d2').artefact],
        journal: [bytes('d1').journal, bytes('d2').journal],
        events: [...events('d1', ...WHOLE_WAY), ...events('d2', ...WHOLE_WAY)],
      },
      [/^INV-2 a number and generation/, /^INV-2 a number is taken again/, /^INV-5 DGII accepted/],
    ],
    [
      'a gap',
      { ...CLEAN, ranges: CLEAN.ranges.map((range) => ({ ...range, next: '3' })) },
      [/^INV-2 numbers of a range/],
    ],
    [
      'a number outside its range',
      { ...CLEAN, ranges: CLEAN.ranges.map((range) => ({ ...range, first: '2', next: '2' })) },
      [/^INV-2 numbers of a range/],
    ],
    [
      'a number taken again that DGII did not free',
      {
        ...CORRECTED,
        documents: CORRECTED.documents.map((row) => ({ ...row, secuencia_utilizada: true })),
      },
      [/^INV-2 a number is taken again/],
    ],
    [
      'a race with two winners',
      { ...CORRECTED, acks: [...CORRECTED.acks, ack('k3', 'd3', 'E310000000001')] },
      [/^INV-1 every acknowledged/, /^INV-2 of corrections/],
    ],
    [
      'other bytes at DGII',
      { ...CLEAN, ledger: [line({}), line({ seq: 2, sha256: 'others', codigo: '2' })] },
      [/^INV-3 DGII sees/, /^INV-4/],
    ],
    [
      'a next generation that came before its number was free',
      {
        ...CORRECTED,
        ledger: CORRECTED.ledger.map((one) => ({ ...one, seq: 3 - one.seq })),
      },
      [/^INV-3 no next generation/],
    ],
    ['a signature without journal', { ...CLEAN, journal: [] }, [/^INV-4/]],
    [
      'stored bytes that are not what they say',
      { ...CLEAN, artefacts: [{ ...bytes('d1').artefact, computed: 'changed' }] },
      [/^EMI-4|^INV-3/, /^INV-4/],
    ],
    [
      'a number accepted twice',
      { ...RESENT, ledger: RESENT.ledger.map((one) => ({ ...one, processed: true, codigo: '1' })) },
      [/^INV-5 DGII accepted/, /^INV-5 nothing is sent/],
    ],
    [
      'a resend without a question',
      { ...RESENT, ledger: RESENT.ledger.filter(({ service }) => service === 'recepcion') },
      [/^INV-5 nothing is sent/],
    ],
    [
      'a resend though the answer to the question was lost',
      {
        ...RESENT,
        ledger: RESENT.ledger.map((one) =>
          one.service === 'recepcion' ? one : { ...one, answer: 'withheld' },
        ),
      },
      [/^INV-5 nothing is sent/],
    ],
    [
      'a trackId of another number',
      { ...CLEAN, documents: [document({ track_id: 'foreign' })] },
      [/^INV-5 DGII accepted/],
    ],
    [
      'an upload long after its intent',
      { ...CLEAN, ledger: [line({ time: second(30), visibleAt: second(30) })] },
      [/^EMI-4/],
    ],
    [
      'an upload more than there were intents',
      {
        ...RESENT,
        events: RESENT.events.filter(({ id }) => !/9-sending|7-unknown/.test(id)),
      },
      [/^EMI-4/],
    ],
    [
      'a transition without event',
      { ...CLEAN, events: CLEAN.events.filter(({ type }) => type !== 'document.signed') },
      [/^INV-6/],
    ],
    [
      'a transition with two events',
      { ...CLEAN, events: [...CLEAN.events, ...events('d1', [4, 'accepted'])] },
      [/^INV-6/],
    ],
    [
      'an answer that is no problem',
      {
        ...CLEAN,
        acks: [
          ...CLEAN.acks,
          { t: 'answer', at: second(1), key: 'k1', status: 500, code: '', ms: 3, fault: 'no code' },
        ],
      },
      [/^INV-10/],
    ],
    [
      'a void that is not settled',
      { ...VOIDED, voids: VOIDED.voids.map((row) => ({ ...row, state: 'UNKNOWN' })) },
      [/^INV-1 every acknowledged void/],
    ],
    [
      'a voided number that somebody has',
      { ...VOIDED, voids: VOIDED.voids.map((row) => ({ ...row, tipo: 31 })) },
      [/^INV-2 a voided number/, /^INV-2 numbers of a range/],
    ],
    [
      'a void of bytes that are not ours',
      { ...VOIDED, artefacts: CLEAN.artefacts },
      [/^INV-2 a voided number/],
    ],
    ['an outbox with something in it', { ...CLEAN, outboxRows: 1 }, [/^INV-12/]],
  ];

  test.each(planted)('finds %s', (_, evidence, rules) => {
    const found = broken(evidence);
    expect(found.map((rule) => rules.some((wanted) => wanted.test(rule)))).toEqual(
      found.map(() => true),
    );
    for (const wanted of rules) expect(found.join('\n')).toMatch(new RegExp(wanted, 'm'));
  });
});

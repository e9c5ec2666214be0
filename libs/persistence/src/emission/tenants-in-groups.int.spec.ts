import { newId } from '@getupnet/kernel';
import { useTestDatabase } from '@getupnet/testkit';
import { seedEveryTable, type SeededTenant } from '../testing/every-table.js';
import { EmissionReader } from './emission-reader.js';
import { TransitionWriter } from './transition-writer.js';
import type { TransitionRow } from './transition.types.js';

// TEN-5: a group commit sees every tenant it works for, so that row-level security alone does not
// keep a job of one tenant from another's document: tenant and id are looked up together.

const database = useTestDatabase();
let a: SeededTenant;
let b: SeededTenant;

beforeAll(async () => {
  a = await seedEveryTable(database(), 1);
  b = await seedEveryTable(database(), 2);
});

const documentOf = (tenant: SeededTenant): string => String(tenant.rows['document']?.['id']);

const step = (tenant: SeededTenant, documentId: string): TransitionRow => ({
  ...{ tenantId: tenant.id, documentId, artefactMonth: '2026-01-01' },
  ...{ from: 'QUEUED', to: 'SIGNED', epoch: 0, leaseMs: null, nextAttemptInMs: 1_000 },
  ...{ attempts: 0, faults: 0, starts: 0, parked: false, patch: {}, actor: 'test', enqueue: true },
  artefacts: [{ kind: 'signed', sha256: 'c'.repeat(64), body: '<ECF/>' }],
  events: [{ id: newId(), type: 'document.signed', payload: {} }],
});

/** What there is of a document: its state, its bytes and what was told of it. */
const shape = async (tenant: SeededTenant): Promise<object> =>
  database().tenantDb.run({ tenantId: tenant.id }, async (tx) => ({
    states: (await tx.document.findMany({ select: { state: true } })).map(({ state }) => state),
    artefacts: await tx.artefact.count(),
    events: await tx.auditEvent.count(),
  }));

test('a job of one tenant does not load another’s document, in the same group either', async () => {
  const reader = new EmissionReader(database().batchDb);
  const keys = [
    { tenantId: a.id, documentId: documentOf(b) },
    { tenantId: b.id, documentId: documentOf(b) },
    { tenantId: a.id, documentId: documentOf(a) },
    { tenantId: b.id, documentId: documentOf(a) },
  ];
  const loaded = await Promise.all(keys.map((key) => reader.load(key)));
  expect(loaded.map((row) => row?.tenantId ?? null)).toEqual([null, b.id, a.id, null]);
  const alone = await reader.load({ tenantId: a.id, documentId: documentOf(b) });
  expect(alone).toBeNull();
});

test('a step of one tenant does not move another’s document, in the same group either', async () => {
  const writer = new TransitionWriter(database().batchDb);
  const [before, other] = [await shape(b), await shape(a)];
  expect(await writer.submit(step(a, documentOf(b)))).toBe(false);
  expect([await shape(b), await shape(a)]).toEqual([before, other]);
  const outcomes = await Promise.all([
    writer.submit(step(a, documentOf(b))),
    writer.submit(step(a, documentOf(a))),
    writer.submit(step(b, documentOf(a))),
  ]);
  expect(outcomes).toEqual([false, true, false]);
  expect(await shape(a)).toEqual({ states: ['SIGNED'], artefacts: 2, events: 2 });
  expect(await shape(b)).toEqual(before);
});

import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { AppError, isAppError } from '@getupnet/kernel';
import { AcceptWriter, BatchDb, DocumentReader, Pools, TenantDb } from '@getupnet/persistence';
import { Lifecycle, type Config } from '@getupnet/platform';
import { createTestTenant, ecf31, FakeClock, useTestDatabase } from '@getupnet/testkit';
import { PaperReplacements } from '../contingency/paper/paper-replacements.js';
import { PaperRepository } from '../contingency/paper/paper.repository.js';
import { DocumentsRepository } from '../documents/documents.repository.js';
import { StoredDocuments } from '../documents/stored-documents.js';
import { NearWorkers } from '../emission/near-workers.js';
import { SequencesRepository } from '../sequences/sequences.repository.js';
import { contextOf } from '../testing/sequences-under-test.js';
import { DocumentIntake } from './intake.js';
import { IssueDocument, type Issued } from './issue-document.use-case.js';
import { ReferencePolicy } from './reference-policy.js';

// EMI-1, INV-1: 200 × 50 with ISSUE_KEYS=200 ISSUE_POSTS=50.
const KEYS = Number(process.env['ISSUE_KEYS'] ?? 20);
const POSTS = Number(process.env['ISSUE_POSTS'] ?? 50);
const REPLICAS = 2;
const REPLICA_NUMBERS = Array.from({ length: REPLICAS }, (_, at) => at);
const LIMIT_MS = 120_000;

// Before the database is dropped: their connections are in it.
const replicas: ReturnType<typeof replica>[] = [];
afterAll(() => Promise.all(replicas.map(({ stop }) => stop())));
const database = useTestDatabase();

const config = {
  get: () => ({ BILLING_NEAR_DOCUMENTS: 0, BILLING_HAND_OVER_MS: 30_000 }),
} as unknown as Config;
const open = { isClosed: async () => false };
const usable = { check: async () => undefined };

const company = async () => ({
  ...contextOf(await createTestTenant(database())),
  profile: { DireccionEmisor: 'Calle El Conde 1, Santo Domingo' },
});

/** A process's part of accepting, with connections of its own. */
function replica(clock: FakeClock, gate: { isClosed(): Promise<boolean> } = open) {
  const pools = new Pools({ urls: { DATABASE_URL: database().ownerUrl } });
  const [db, batch] = [new TenantDb(pools), new BatchDb(pools)];
  const [accepts, reader] = [new AcceptWriter(batch), new DocumentReader(batch)];
  const documents = new DocumentsRepository();
  const papers = new PaperReplacements(db, new PaperRepository());
  const parts = [
    new DocumentIntake(accepts, new NearWorkers(config, new Lifecycle()), config),
    new ReferencePolicy(db, documents, new SequencesRepository(), papers),
    { audit: gate, certificates: usable },
    new StoredDocuments(db, documents, reader),
    clock,
  ];
  const issue = Reflect.construct(IssueDocument, parts) as IssueDocument;
  const stop = async () => {
    await Promise.all([accepts.onApplicationShutdown(), reader.onApplicationShutdown()]);
    await pools.close();
  };
  return { issue, accepts, stop };
}

test(
  `${KEYS} keys, each posted ${POSTS} times at once over ${REPLICAS} processes: a document a key`,
  async () => {
    const clock = new FakeClock('2026-03-10T15:00:00Z');
    const tenant = await company();
    replicas.push(...Array.from({ length: REPLICAS }, () => replica(clock)));
    const request = ecf31().body();
    /** Null: told that it is under way, as a caller who then asks again. */
    const post = async (idempotencyKey: string, at: number): Promise<Issued | null> => {
      const issue = replicas[at % REPLICAS]?.issue;
      if (!issue) throw new Error('no such replica');
      try {
        return await issue.run(tenant, { request, idempotencyKey, waits: false });
      } catch (error) {
        if (isAppError(error, 'idempotency.in_progress')) return null;
        throw error;
      }
    };
    const keys = Array.from({ length: KEYS }, () => randomUUID());
    const first = await Promise.all(
      keys.map((key) => Promise.all(Array.from({ length: POSTS }, (_, at) => post(key, at)))),
    );
    // Asked again once the wave is over: as repeats.
    const answers: Issued[][] = [];
    for (const [at, key] of keys.entries()) {
      const again = await Promise.all(REPLICA_NUMBERS.map((replicaAt) => post(key, replicaAt)));
      answers.push([...(first[at] ?? []), ...again].filter((issued) => issued !== null));
    }
    const numbers = answers.map((repeats) => {
      expect(new Set(repeats.map(({ document }) => document.id)).size).toBe(1);
      expect(repeats.filter(({ replayed }) => !replayed)).toHaveLength(1);
      return Number(repeats[0]?.document.encf.slice(3));
    });
    expect(numbers.sort((a, b) => a - b)).toEqual(keys.map((_, at) => at + 1));
    const count = await database().tenantDb.run(tenant, (tx) => tx.document.count());
    expect(count).toBe(KEYS);
  },
  LIMIT_MS,
);

test('AUD-3: with the audit far behind nothing new is accepted, and a repeat has its answer', async () => {
  let closed = false;
  const clock = new FakeClock('2026-03-10T15:00:00Z');
  const one = replica(clock, { isClosed: async () => closed });
  replicas.push(one);
  const tenant = await company();
  const post = (idempotencyKey: string): Promise<Issued> =>
    one.issue.run(tenant, { request: ecf31().body(), idempotencyKey, waits: false });
  const { document } = await post('first');
  closed = true;
  await expect(post('second')).rejects.toMatchObject({
    ...{ code: 'dependency.unavailable', params: { dependency: 'audit' } },
  });
  expect(await post('first')).toMatchObject({ replayed: true, document: { id: document.id } });
  closed = false;
  expect((await post('second')).document.encf).toBe('E310000000002');
});

test('a key of testing is refused in production: its document is no sale', async () => {
  let closed = false;
  const clock = new FakeClock('2026-03-10T15:00:00Z');
  const one = replica(clock, { isClosed: async () => closed });
  replicas.push(one);
  const testing = await company();
  const production = { ...testing, environment: 'ecf' as const };
  const request = { request: ecf31().body(), idempotencyKey: 'sale-1', waits: false };
  const { document } = await one.issue.run(testing, request);
  const reused = { code: 'idempotency.key_reused' };
  await expect(one.issue.run(production, request)).rejects.toMatchObject(reused);
  closed = true;
  await expect(one.issue.run(production, request)).rejects.toMatchObject(reused);
  expect((await one.issue.run(testing, request)).document.id).toBe(document.id);
});

describe('a document that replaces paper', () => {
  const plain = ecf31().body();
  const reference = {
    ...{ NCFModificado: 'B0100000001', FechaNCFModificado: '10-03-2026', CodigoModificacion: '4' },
  };
  const request = { ...plain, ECF: { ...plain.ECF, InformacionReferencia: reference } };
  const outage = new AppError('dependency.unavailable', { dependency: 'PostgreSQL' });
  const twoReplicas = async () => {
    const clock = new FakeClock('2026-03-10T15:00:00Z');
    const tenant = await company();
    const two = [replica(clock), replica(clock)] as const;
    replicas.push(...two);
    const post = (at: 0 | 1, idempotencyKey: string): Promise<Issued> =>
      two[at].issue.run(tenant, { request, idempotencyKey, waits: false });
    return { tenant, two, post };
  };
  const refused = { code: 'ecf.rule_failed' };

  it('is issued by the repeat of an attempt that failed on the way', async () => {
    const { two, post } = await twoReplicas();
    jest.spyOn(two[0].accepts, 'submit').mockRejectedValueOnce(outage);
    await expect(post(0, 'caja')).rejects.toMatchObject({ code: 'dependency.unavailable' });
    await expect(post(1, 'other')).rejects.toMatchObject(refused);
    expect(await post(1, 'caja')).toMatchObject({ replayed: false });
    expect(await post(0, 'caja')).toMatchObject({ replayed: true });
    await expect(post(0, 'other')).rejects.toMatchObject(refused);
  });

  it('is found by the repeat of an attempt that was committed without an answer', async () => {
    const { two, post } = await twoReplicas();
    const [{ accepts }] = two;
    const submit = accepts.submit.bind(accepts);
    jest.spyOn(accepts, 'submit').mockImplementationOnce(async (row) => {
      await submit(row);
      throw outage;
    });
    await expect(post(0, 'caja')).rejects.toMatchObject({ code: 'dependency.unavailable' });
    expect(await post(0, 'caja')).toMatchObject({ replayed: true });
    await expect(post(1, 'other')).rejects.toMatchObject(refused);
  });

  it('is one for a key that arrives at two replicas at once', async () => {
    const { tenant, post } = await twoReplicas();
    for (let round = 0; round < 5; round += 1) {
      const both = await Promise.all([post(0, 'caja'), post(1, 'caja')]);
      expect(new Set(both.map(({ document }) => document.id)).size).toBe(1);
    }
    expect(await database().tenantDb.run(tenant, (tx) => tx.document.count())).toBe(1);
  });
});

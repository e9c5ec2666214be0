import { randomUUID } from 'node:crypto';
import { newId } from '@getupnet/kernel';
import { createTestTenant, type TestTenant, useTestDatabase } from '@getupnet/testkit';
import { BatchDb } from '../db/batch-db.js';
import { Pools } from '../db/pools.js';
import { AcceptWriter } from './accept-writer.js';
import type { AcceptOutcome, AcceptRow } from './accept.types.js';

describe('AcceptWriter', () => {
  const database = useTestDatabase();
  let writer: AcceptWriter;
  beforeAll(() => {
    writer = new AcceptWriter(database().batchDb);
  });
  afterAll(() => writer.onApplicationShutdown());

  const row = (tenant: TestTenant, overrides: Partial<AcceptRow> = {}): AcceptRow => ({
    ...{ tenantId: tenant.id, id: newId(), environment: 'testecf', tipo: 31, route: 'ecf' },
    ...{ state: 'QUEUED', heldBy: null, idempotencyKey: randomUUID(), externalRef: null },
    ...{ bodySha256: 'ab'.repeat(32), branch: null, corrects: null, generation: 1 },
    ...{ statedEncf: null, statedExpiry: null, issuerRnc: tenant.rnc, buyerRnc: null },
    ...{ buyerName: null, montoTotal: '1180.00', fechaEmision: '2026-03-02' },
    ...{ fechaHoraFirma: '02-03-2026 10:00:00', artefactMonth: '2026-03-01' },
    ...{ today: '2026-03-02', xmlHead: '<a>', xmlMiddle: '<b>', xmlTail: '<c>' },
    ...{ findings: [], actor: 'test', eventId: newId(), handOver: true, nextAttemptInMs: 30_000 },
    ...overrides,
  });
  const range = (first: number, last: number, expiresOn: string | null = '2099-12-31') => ({
    ...{ tipo: 31, first, last, expiresOn },
  });
  const shown = (outcome: AcceptOutcome): string =>
    outcome.kind === 'accepted' ? outcome.encf : outcome.kind;
  const submit = async (...rows: AcceptRow[]): Promise<string[]> =>
    (await Promise.all(rows.map((one) => writer.submit(one)))).map(shown);

  test('numbers without gaps, each tenant its own, with everything that belongs to a document', async () => {
    const [a, b] = [await createTestTenant(database()), await createTestTenant(database())];
    const rows = [row(a), row(b), row(a), row(a, { state: 'HELD' }), row(b)];
    expect(await submit(...rows)).toEqual([
      'E310000000001',
      'E310000000001',
      'E310000000002',
      'E310000000003',
      'E310000000002',
    ]);
    const found = await database().tenantDb.run(a, async (tx) => ({
      documents: await tx.document.count(),
      bodies: await tx.artefact.findMany({
        select: { body: true },
        orderBy: { documentId: 'asc' },
      }),
      events: await tx.auditEvent.count(),
    }));
    expect(found.documents).toBe(3);
    expect(found.events).toBe(3);
    expect(found.bodies.map(({ body }) => body)).toEqual([
      '<a>E310000000001<b>31-12-2099<c>',
      '<a>E310000000002<b>31-12-2099<c>',
      '<a>E310000000003<b>31-12-2099<c>',
    ]);
    const { rows: outbox } = await database().pools.query(
      'relay',
      'DELETE FROM outbox RETURNING key',
    );
    expect(outbox).toHaveLength(4);
  });

  test('a repeated key, a taken reference and a taken number use no number up', async () => {
    const tenant = await createTestTenant(database());
    const first = row(tenant, { externalRef: 'A-1' });
    expect(await submit(first)).toEqual(['E310000000001']);
    const repeat = { ...row(tenant), idempotencyKey: first.idempotencyKey };
    expect(await writer.submit(repeat)).toEqual({
      kind: 'replayed',
      documentId: first.id,
      bodySha256: first.bodySha256,
    });
    const others = [
      row(tenant, { externalRef: 'A-1' }),
      row(tenant, { statedEncf: 'E310000000001' }),
      row(tenant, { statedEncf: 'E310099999999' }),
      row(tenant, { statedExpiry: '2030-01-01' }),
      row(tenant, { tipo: 31, statedEncf: 'E310000000007' }),
    ];
    expect(await submit(...others)).toEqual([
      'duplicate_reference',
      'encf_used',
      'not_in_range',
      'expiry_mismatch',
      'E310000000007',
    ]);
    expect(await submit(row(tenant))).toEqual(['E310000000008']);
  });

  test('the same key twice at once is one document', async () => {
    const tenant = await createTestTenant(database());
    const one = row(tenant);
    const outcomes = await submit(one, { ...one, id: newId(), eventId: newId() }, row(tenant));
    expect(outcomes.sort()).toEqual(['E310000000001', 'E310000000002', 'replayed']);
  });

  test('the next range follows one that ends within a batch; then there are no numbers', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [range(1, 2), range(10, 11), range(20, 29, '2026-03-01')],
    });
    const outcomes = await submit(...Array.from({ length: 6 }, () => row(tenant)));
    expect(outcomes.sort()).toEqual([
      'E310000000001',
      'E310000000002',
      'E310000000010',
      'E310000000011',
      'no_number',
      'no_number',
    ]);
    expect(await writer.submit(row(tenant))).toEqual({
      kind: 'no_number',
      expiredOn: '2026-03-01',
    });
  });

  test('ranges of one number each are used up to the last, however many a batch needs', async () => {
    const ranges = Array.from({ length: 9 }, (_, at) => range(10 * at + 1, 10 * at + 1));
    const tenant = await createTestTenant(database(), { ranges });
    const outcomes = await submit(...Array.from({ length: 10 }, () => row(tenant)));
    expect(outcomes.filter((encf) => encf === 'no_number')).toHaveLength(1);
    expect(new Set(outcomes).size).toBe(10);
  });

  test('a branch takes from its own range first, then from everybody’s; the others never from it', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [
        { ...range(1, 2), branch: 'NORTE' },
        range(10, 12),
        { ...range(20, 29, '2026-03-01'), branch: 'NORTE' },
      ],
    });
    const inBranch = (branch: string | null) => row(tenant, { branch });
    const all = [inBranch('NORTE'), inBranch(null), inBranch('SUR'), inBranch('NORTE')];
    expect(await submit(...all)).toEqual([
      'E310000000001',
      'E310000000010',
      'E310000000011',
      'E310000000002',
    ]);
    expect(await submit(inBranch('NORTE'))).toEqual(['E310000000012']);
    expect(await writer.submit(inBranch('SUR'))).toEqual({ kind: 'no_number', expiredOn: null });
    expect(await writer.submit(inBranch('NORTE'))).toEqual({
      kind: 'no_number',
      expiredOn: '2026-03-01',
    });
  });

  test('64 corrections of one freed number at once: one takes it, as the next generation', async () => {
    const tenant = await createTestTenant(database());
    const first = row(tenant);
    expect(await submit(first)).toEqual(['E310000000001']);
    const reject = (utilizada: boolean) =>
      database().tenantDb.run(tenant, (tx) =>
        tx.document.updateMany({
          where: { encf: 'E310000000001', state: 'QUEUED' },
          data: { state: 'REJECTED', nextAttemptAt: null, secuenciaUtilizada: utilizada },
        }),
      );
    const correcting = (corrects: string, generation: number) =>
      row(tenant, { corrects, generation, statedEncf: 'E310000000001' });
    const others = Array.from({ length: 3 }, () => new AcceptWriter(database().batchDb));
    const writers = [writer, ...others];
    const race = async (corrects: string, generation: number) => {
      const rows = Array.from({ length: 64 }, () => correcting(corrects, generation));
      const outcomes = await Promise.all(rows.map((one, at) => writers[at % 4]?.submit(one)));
      const won = rows.filter((_, at) => outcomes[at]?.kind === 'accepted');
      expect(outcomes.filter((outcome) => outcome?.kind === 'encf_used')).toHaveLength(63);
      expect(won).toHaveLength(1);
      return won[0]?.id ?? '';
    };
    // While its document lives the number is nobody else's.
    expect(await submit(correcting(first.id, 2))).toEqual(['encf_used']);
    await reject(false);
    const second = await race(first.id, 2);
    await reject(false);
    expect(await submit(correcting(first.id, 2))).toEqual(['encf_used']);
    await race(second, 3);
    const chain = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findMany({ orderBy: { generation: 'asc' } }),
    );
    expect(chain.map(({ generation, corrects }) => [generation, corrects])).toEqual([
      [1, null],
      [2, first.id],
      [3, second],
    ]);
    await Promise.all(others.map((other) => other.onApplicationShutdown()));
  });

  test('64 writers on the last numbers: exact, and no gap', async () => {
    const tenant = await createTestTenant(database(), { ranges: [range(1, 100)] });
    const others = Array.from({ length: 3 }, () => new AcceptWriter(database().batchDb));
    const writers = [writer, ...others];
    const outcomes = await Promise.all(
      Array.from({ length: 160 }, (_, at) => writers[at % 4]?.submit(row(tenant))),
    );
    const encfs = outcomes.flatMap((o) =>
      o?.kind === 'accepted' ? [Number(o.encf.slice(3))] : [],
    );
    expect(encfs.sort((x, y) => x - y)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    await Promise.all(others.map((other) => other.onApplicationShutdown()));
  });

  test('looks documents up by their keys, whatever the planner thinks of young tables', async () => {
    const tenant = await createTestTenant(database());
    // One connection: it writes, and it tells what it has read.
    const pools = new Pools({ urls: { DATABASE_URL: database().ownerUrl }, sizes: { batch: 1 } });
    const own = new AcceptWriter(new BatchDb(pools));
    const documentReads = async (): Promise<number> => {
      await pools.query('batch', 'SELECT pg_stat_force_next_flush()');
      const { rows } = await pools.query<{ reads: string }>(
        'batch',
        `SELECT seq_tup_read + idx_tup_fetch AS reads FROM pg_stat_user_tables
         WHERE relname = 'document'`,
      );
      return Number(rows[0]?.reads);
    };
    const accept = async (count: number): Promise<void> => {
      await Promise.all(Array.from({ length: count }, () => own.submit(row(tenant))));
    };
    await accept(2_560);
    const before = await documentReads();
    await accept(640);
    // A look by key finds nothing; a scan would read thousands for each document.
    expect((await documentReads()) - before).toBeLessThan(640 * 10);
    await own.onApplicationShutdown();
    await pools.close();
  });
});

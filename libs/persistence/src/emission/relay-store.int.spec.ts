import { newId } from '@getupnet/kernel';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { Inbox } from '../inbox/inbox.js';
import { AcceptWriter } from './accept-writer.js';
import { FIRST_TENANT, RelayStore, type OutboxRow, type Portion } from './relay-store.js';
import { acceptRow } from './testing/accept-row.js';
import { TransitionWriter } from './transition-writer.js';

const database = useTestDatabase();

const ALL: Portion = { from: FIRST_TENANT, tenants: 1_000, rows: 1_000 };

describe('RelayStore', () => {
  const store = () => new RelayStore(database().pools);

  /** Documents that are due, each with its outbox row; ids in the order of acceptance. */
  const accepted = async (tenant: TestTenant, count: number): Promise<string[]> => {
    const writer = new AcceptWriter(database().batchDb);
    const rows = Array.from({ length: count }, () => acceptRow(tenant, { nextAttemptInMs: 0 }));
    await Promise.all(rows.map((row) => writer.submit(row)));
    return rows.map(({ id }) => id);
  };
  const drain = async (portion: Portion): Promise<OutboxRow[]> => {
    const { rows } = await store().drainOutbox('documents', portion, () => Promise.resolve());
    return [...rows];
  };
  const countOf = (rows: readonly { tenantId: string }[], { tenantId }: TestTenant): number =>
    rows.filter((row) => row.tenantId === tenantId).length;

  /** By tenant id: the busy one comes first in the index. */
  const busyAndSmall = async (): Promise<[TestTenant, TestTenant]> => {
    const busy = await createTestTenant(database());
    return [busy, await createTestTenant(database())];
  };

  afterEach(async () => {
    await drain(ALL);
  });

  it('keeps what could not be published', async () => {
    const [tenant] = await busyAndSmall();
    const [id = ''] = await accepted(tenant, 1);
    const broken = store().drainOutbox('documents', ALL, async () => {
      throw new Error('the queue is away');
    });
    await expect(broken).rejects.toThrow('the queue is away');
    expect(await drain(ALL)).toContainEqual({ tenantId: tenant.tenantId, key: id, payload: {} });
    expect(await drain(ALL)).toEqual([]);
  });

  it('takes tenants in turn, however much one of them has waiting', async () => {
    const [busy, small] = await busyAndSmall();
    const ids = await accepted(busy, 30);
    await accepted(small, 1);
    const taken = await drain({ ...ALL, rows: 5 });
    expect(countOf(taken, busy)).toBe(5);
    expect(countOf(taken, small)).toBe(1);
    expect(ids).toEqual(expect.arrayContaining(taken.slice(0, 5).map(({ key }) => key)));
    const full = { ...ALL, rooms: [{ tenantId: busy.tenantId, rows: 0 }] };
    expect(await drain(full)).toEqual([]);
    expect(await drain(ALL)).toHaveLength(25);
  });

  it('claims due documents in turn, and counts how often each was handed over', async () => {
    const [busy, small] = await busyAndSmall();
    await accepted(busy, 30);
    const [one = ''] = await accepted(small, 1);
    const rooms = [{ tenantId: busy.tenantId, rows: 2 }];
    const { rows } = await store().claimDue({ ...ALL, rows: 5, rooms }, 60_000);
    expect([countOf(rows, busy), countOf(rows, small)]).toEqual([2, 1]);
    const { rows: rest } = await store().claimDue(ALL, 60_000);
    expect([countOf(rest, busy), countOf(rest, small)]).toEqual([28, 0]);
    const document = await database().tenantDb.run(small, (tx) =>
      tx.document.findFirst({ where: { id: one } }),
    );
    expect(document?.handOvers).toBe(1);
  });

  it('goes on where it stopped when there are more tenants than one look goes through', async () => {
    const tenants = await Promise.all([1, 2, 3].map(() => createTestTenant(database())));
    for (const tenant of tenants) await accepted(tenant, 1);
    const seen: string[] = [];
    let from = FIRST_TENANT;
    let looks = 0;
    do {
      const portion = { from, tenants: 2, rows: 1 };
      const taken = await store().drainOutbox('documents', portion, () => Promise.resolve());
      seen.push(...taken.rows.map(({ tenantId }) => tenantId));
      from = taken.next;
      looks += 1;
    } while (from !== FIRST_TENANT && looks < 10);
    expect(seen.sort()).toEqual(tenants.map(({ tenantId }) => tenantId).sort());
  });

  it('tells what nobody has touched since it was handed over', async () => {
    const [tenant] = await busyAndSmall();
    const { tenantId } = tenant;
    const [idle = '', sent = '', sending = ''] = await accepted(tenant, 3);
    const writer = new TransitionWriter(database().batchDb);
    const step = (documentId: string, leaseMs: number | null) =>
      writer.submit({
        ...{ tenantId, documentId, artefactMonth: '2026-06-01', from: 'QUEUED', to: 'SENDING' },
        ...{ epoch: 0, leaseMs, nextAttemptInMs: 60_000, attempts: 1, faults: 0, starts: 0 },
        ...{ parked: false, patch: {}, artefacts: [], events: [], actor: 'test', enqueue: false },
      });
    await step(sent, null);
    await step(sending, 60_000);
    const asked = [idle, sent, sending].map((documentId) => ({ tenantId, documentId, ageMs: 0 }));
    const now = await store().stillOut(asked);
    expect(now.map(({ documentId }) => documentId).sort()).toEqual([idle, sent, sending].sort());
    const earlier = asked.map((row) => ({ ...row, ageMs: 3_600_000 }));
    expect(await store().stillOut(earlier)).toEqual([{ tenantId, documentId: sending }]);
  });

  it('counts what is under way and what waits for a person', async () => {
    const [tenant] = await busyAndSmall();
    const [id = ''] = await accepted(tenant, 2);
    const before = await store().deadLetters(100);
    await database().tenantDb.run(tenant, (tx) =>
      tx.document.updateMany({ where: { id }, data: { parkedAt: new Date() } }),
    );
    expect(await store().deadLetters(100)).toBe(before + 1);
    expect(await store().deadLetters(1)).toBe(1);
    const [queued] = await store().openDocuments(10_000);
    expect(queued).toMatchObject({ state: 'QUEUED', documents: expect.any(Number) });
    expect(queued?.oldestS).toBeGreaterThanOrEqual(0);
  });
});

describe('Inbox', () => {
  const inbox = new Inbox();
  const take = (tenant: TestTenant, eventId: string, consumer = 'alerts') =>
    database().tenantDb.run(tenant, (tx) => inbox.take(tx, consumer, eventId));

  it('EMI-5: gives an event once to each consumer of each tenant', async () => {
    const [tenant, other] = [
      await createTestTenant(database()),
      await createTestTenant(database()),
    ];
    const event = newId();
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(tenant, event)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await take(tenant, event, 'fees')).toBe(true);
    expect(await take(other, event)).toBe(true);
  });

  it('gives it again when the effect was not committed', async () => {
    const tenant = await createTestTenant(database());
    const event = newId();
    const failing = database().tenantDb.run(tenant, async (tx) => {
      await inbox.take(tx, 'alerts', event);
      throw new Error('no effect');
    });
    await expect(failing).rejects.toThrow('no effect');
    expect(await take(tenant, event)).toBe(true);
  });

  it('forgets only what is too old to come again', async () => {
    const tenant = await createTestTenant(database());
    const [old, young] = [newId(), newId()];
    await take(tenant, young);
    await database().tenantDb.run(tenant, async (tx) => {
      await tx.inbox.create({
        data: {
          ...{ tenantId: tenant.tenantId, consumer: 'alerts', eventId: old },
          takenAt: new Date(Date.now() - 31 * 86_400_000),
        },
      });
    });
    expect(await new RelayStore(database().pools).forgetInbox()).toBe(1);
    expect(await take(tenant, young)).toBe(false);
    expect(await take(tenant, old)).toBe(true);
  });
});

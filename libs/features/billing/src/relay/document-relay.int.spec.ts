import type { DocumentJob } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { Notifications, Outbox, RelayStore, type RelayRow } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import { MAX_JOBS_PER_ADD, type Queues } from '@getupnet/queues';
import { createTestTenant, useTestDatabase, waitFor, type TestTenant } from '@getupnet/testkit';
import { DocumentRelay } from './document-relay.worker.js';
import { Outstanding } from './outstanding.js';

const CONCURRENCY = 24;
const env = {
  BILLING_HAND_OVER_MS: 30_000,
  BILLING_SWEEP_MS: 20,
  BILLING_CONCURRENCY: CONCURRENCY,
};
const config = { get: () => env } as unknown as Config;

/** Its outbox is the real one; of the documents nobody does anything until a test says so. */
class Store extends RelayStore {
  touched = false;
  due: RelayRow[] = [];

  override stillOut(rows: readonly RelayRow[]): Promise<RelayRow[]> {
    return Promise.resolve(this.touched ? [] : [...rows]);
  }

  override async claimDue(...asked: Parameters<RelayStore['claimDue']>) {
    const found = await super.claimDue(...asked);
    return this.due.length === 0 ? found : { ...found, rows: this.due.splice(0) };
  }
}

/** A queue in the order of arrival, before workers with so many places. */
class FairQueue {
  readonly added: DocumentJob[] = [];
  private readonly open: DocumentJob[] = [];

  readonly queues = {
    add: (_queue: string, jobs: readonly DocumentJob[]) => {
      if (jobs.length > MAX_JOBS_PER_ADD) return Promise.reject(new RangeError('too many'));
      this.added.push(...jobs);
      this.open.push(...jobs);
      return Promise.resolve();
    },
  } as unknown as Queues;

  /** Jobs a worker could not begin before this tenant's. */
  aheadOf({ tenantId }: TestTenant): number {
    return this.open.findIndex((job) => job.tenantId === tenantId);
  }

  take(): DocumentJob | undefined {
    return this.open.shift();
  }
}

describe('DocumentRelay', () => {
  const database = useTestDatabase();
  let queue: FairQueue;
  let outstanding: Outstanding;
  let stop: () => Promise<void>;

  beforeEach(() => {
    queue = new FairQueue();
    outstanding = new Outstanding(config);
  });
  afterEach(() => stop());

  const start = async (): Promise<Store> => {
    const { pools } = database();
    const notifications = new Notifications(pools);
    const store = new Store(pools);
    const relay = new DocumentRelay(store, queue.queues, notifications, outstanding, config);
    stop = async () => {
      await relay.onModuleDestroy();
      await notifications.onApplicationShutdown();
    };
    await relay.onApplicationBootstrap();
    return store;
  };
  const announce = async (tenant: TestTenant, count: number): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => newId());
    const messages = ids.map((key) => ({ topic: 'documents', key }));
    await database().tenantDb.run(tenant, (tx) => new Outbox().add(tx, ...messages));
    return ids;
  };

  it('a batch of one tenant leaves places free for the single document of another', async () => {
    const busy = await createTestTenant(database());
    const small = await createTestTenant(database());
    const ids = await announce(busy, 1_000);
    await start();
    await waitFor(() => outstanding.isFull(busy.tenantId));
    await announce(small, 1);
    await waitFor(() => queue.aheadOf(small) >= 0);
    // 1,000 documents are 16 jobs; the queue would be as long as its tenant’s batch.
    expect(queue.aheadOf(small)).toBeLessThanOrEqual(CONCURRENCY / 3);
    expect(queue.added.filter((job) => job.tenantId === busy.tenantId)).toHaveLength(8);
    const handed = () => queue.added.flatMap((job) => job.documentIds);
    await waitFor(() => {
      const job = queue.take();
      if (job) outstanding.ended(job);
      return handed().length >= 1_001;
    });
    expect(new Set(handed()).size).toBe(1_001);
    expect(handed()).toEqual(expect.arrayContaining(ids));
  });

  it('hands single documents over in larger jobs when their tenant has its share under way', async () => {
    const tenant = await createTestTenant(database());
    await start();
    for (let at = 1; at <= 8; at += 1) {
      await announce(tenant, 1);
      await waitFor(() => queue.added.length === at);
    }
    for (let at = 0; at < 30; at += 1) await announce(tenant, 1);
    expect(queue.added).toHaveLength(8);
    const job = queue.take();
    if (job) outstanding.ended(job);
    await waitFor(() => queue.added.length === 9);
    expect(queue.added.at(-1)?.documentIds).toHaveLength(30);
  });

  it('hands over what fell due at once, as after an outage, whatever the queue takes in one call', async () => {
    const store = await start();
    // Claimed already: what the queue refused would be looked for much later, and refused again.
    store.due = Array.from({ length: 512 }, newId).flatMap((tenantId) =>
      Array.from({ length: 128 }, () => ({ tenantId, documentId: newId() })),
    );
    await waitFor(() => queue.added.length === 1_024);
    expect(new Set(queue.added.flatMap((job) => job.documentIds)).size).toBe(512 * 128);
  });

  it('goes on when the documents say that workers elsewhere are done', async () => {
    const tenant = await createTestTenant(database());
    await announce(tenant, 600);
    const store = await start();
    await waitFor(() => outstanding.isFull(tenant.tenantId));
    expect(queue.added).toHaveLength(8);
    store.touched = true;
    await waitFor(() => queue.added.flatMap((job) => job.documentIds).length === 600);
  });
});

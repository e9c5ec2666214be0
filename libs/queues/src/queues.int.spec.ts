import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAppError, newId } from '@getupnet/kernel';
import { type TestDatabase, createTestDatabase, waitFor } from '@getupnet/testkit';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { type QueueBackend, postgresBackend, redisBackend } from './queue-backend.js';
import { Queues } from './queues.js';

interface Store {
  backend(): QueueBackend;
  stop(): Promise<void>;
}

async function postgres(): Promise<Store> {
  const database: TestDatabase = await createTestDatabase();
  return {
    backend: () => postgresBackend(database.pools.get('queue')),
    stop: () => database.drop(),
  };
}

/** A Redis of the suite's own, on a socket: no port to collide on. */
async function redis(): Promise<Store> {
  const dir = mkdtempSync(join(tmpdir(), 'getupnet-redis-'));
  const socket = join(dir, 'redis.sock');
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', dir];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  await waitFor(() => execFileSync('redis-cli', ['-s', socket, 'ping']).toString() === 'PONG\n');
  return {
    backend: () => redisBackend(socket, `t-${newId()}`),
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      rmSync(dir, { recursive: true });
    },
  };
}

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

// Faults are provoked below; their log lines would only hide the results.
Logger.overrideLogger(false);

const schema = z.strictObject({ tenantId: z.uuid(), n: z.number().int() });
type Payload = z.infer<typeof schema>;

const stores: [string, () => Promise<Store>][] = [['PostgreSQL', postgres]];
if (hasRedis()) stores.push(['Redis', redis]);
else test.skip('queues on Redis: there is no redis-server on PATH', () => undefined);

describe.each(stores)('queues on %s', (name, open) => {
  let store: Store;
  const opened: Queues[] = [];
  const told: object[] = [];
  const process = () => {
    const events = {
      emit: (type: string, details: object = {}) => void told.push({ type, ...details }),
    };
    const queues = new Queues(store.backend(), { events });
    opened.push(queues);
    return queues;
  };
  const payload = (n: number): Payload => ({ tenantId: newId(), n });

  beforeAll(async () => {
    store = await open();
  });
  beforeEach(() => {
    told.length = 0;
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queues) => queues.close()));
  });
  afterAll(() => store.stop());

  test('jobs reach their handler once, with id and attempt', async () => {
    const queues = process();
    const seen: { n: number; jobId: string; attempt: number }[] = [];
    queues.work(
      'once',
      schema,
      async ({ n }, info) => {
        seen.push({ n, ...info });
      },
      { concurrency: 4 },
    );
    await queues.add(
      'once',
      Array.from({ length: 100 }, (_, n) => payload(n)),
    );
    await queues.add('once', []);
    await waitFor(() => seen.length >= 100);
    expect(seen.map(({ n }) => n).sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expect(
      seen.every(({ jobId, attempt }) => /^b-[0-9a-f-]{36}$/.test(jobId) && attempt === 1),
    ).toBe(true);
    await waitFor(async () => (await queues.counts()).get('once')?.completed === 100);
  });

  test('a crashed handler is tried again, and a job that always crashes is kept as failed', async () => {
    const queues = process();
    const attempts: number[] = [];
    queues.work(
      'crash',
      schema,
      async ({ n }, { attempt }) => {
        attempts.push(attempt);
        if (n === 0 || attempt === 1) throw new Error('crash');
      },
      { concurrency: 1 },
    );
    await queues.add('crash', [payload(0), payload(1)]);
    await waitFor(async () => (await queues.counts()).get('crash')?.failed === 1);
    await waitFor(async () => (await queues.counts()).get('crash')?.completed === 1);
    expect(attempts.filter((attempt) => attempt === 1)).toHaveLength(2);
    expect(attempts.filter((attempt) => attempt === 3)).toHaveLength(1);
    expect(attempts).toHaveLength(5);
    const reason = 'crash';
    await waitFor(() => told.length > 0);
    expect(told).toMatchObject([{ type: 'job.dead_letter', queue: 'crash', reason }]);
  });

  test('a payload that does not fit is a dead letter at once, and others go on', async () => {
    const queues = process();
    const seen: number[] = [];
    queues.work(
      'poison',
      schema,
      async ({ n }) => {
        seen.push(n);
      },
      { concurrency: 1 },
    );
    await queues.add('poison', [{ tenantId: 'nobody', n: 1 }, { n: 'x' }, payload(3)]);
    await waitFor(async () => (await queues.counts()).get('poison')?.failed === 2);
    await waitFor(() => seen.length > 0);
    expect(seen).toEqual([3]);
  });

  test('closing waits for the handler that runs, and leaves the rest to others', async () => {
    const first = process();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const done: string[] = [];
    const started: number[] = [];
    first.work(
      'close',
      schema,
      async ({ n }) => {
        started.push(n);
        await held;
        done.push(`first ${n}`);
      },
      { concurrency: 1 },
    );
    await first.add('close', [payload(1)]);
    await waitFor(() => started.length === 1);
    await first.add('close', [payload(2)]);
    const stopping = first.stopWorkers();
    release();
    await stopping;
    expect(done).toEqual(['first 1']);

    if (name === 'Redis') return; // every Redis process of this suite has a prefix of its own
    const second = process();
    second.work(
      'close',
      schema,
      async ({ n }) => {
        done.push(`second ${n}`);
      },
      { concurrency: 1 },
    );
    await waitFor(() => done.length === 2);
    expect(done).toEqual(['first 1', 'second 2']);
  });

  test('limits and health', async () => {
    const queues = process();
    await expect(queues.health()).resolves.toBeUndefined();
    await expect(queues.add('big', [{ text: 'x'.repeat(20_000) }])).rejects.toThrow(/16384 bytes/);
    await expect(queues.add('many', Array(1_001).fill({}))).rejects.toThrow(/1000 jobs/);
  });
});

test('a store that is away is a problem the caller understands, and soon', async () => {
  const queues = new Queues(redisBackend('redis://127.0.0.1:1', 'x'), { commandTimeoutMs: 300 });
  const error: unknown = await queues.add('q', [{ n: 1 }]).catch((e: unknown) => e);
  expect(isAppError(error, 'dependency.unavailable')).toBe(true);
  await expect(queues.health()).rejects.toThrow();
  await queues.close();
});

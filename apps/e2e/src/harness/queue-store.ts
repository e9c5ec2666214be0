import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { waitFor, type TestDatabase } from '@getupnet/testkit';

/** Where jobs travel during a test, and how to lose them all. */
export interface QueueStore {
  readonly env: Readonly<Record<string, string>>;
  /** Forgets every job; answers how many were not done. */
  flush(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Redis for both modes when `REDIS_URL` says which; a Redis of its own for the split services where
 * `redis-server` is on PATH; PostgreSQL otherwise, as the product does.
 */
export async function startQueueStore(mode: string, database: TestDatabase): Promise<QueueStore> {
  const stated = process.env['REDIS_URL'];
  if (stated) return redisStore(stated, () => Promise.resolve());
  if (mode === 'split' && hasRedis()) {
    const own = await startRedis();
    return redisStore(own.url, own.stop);
  }
  const flush = async (): Promise<number> => {
    // The workers lock the same tables in another order: a deadlock is tried again.
    const done = await waitFor(async () => ({ forgotten: await flushPostgres(database) }));
    return done.forgotten;
  };
  return { env: {}, flush, stop: () => Promise.resolve() };
}

function redisStore(url: string, stop: () => Promise<void>): QueueStore {
  const prefix = `e2e-${randomBytes(6).toString('hex')}`;
  const redis = new Redis(url);
  const flush = async (): Promise<number> => {
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length === 0) return 0;
    const waiting = keys.filter((key) => /:(?:wait|active)$/.test(key));
    const lengths = await Promise.all(waiting.map((key) => redis.llen(key)));
    await redis.del(keys);
    return lengths.reduce((sum, length) => sum + length, 0);
  };
  return {
    env: { REDIS_URL: url, REDIS_PREFIX: prefix },
    flush,
    stop: async () => {
      await flush();
      redis.disconnect();
      await stop();
    },
  };
}

/** Every table of the queues' schema is emptied, but for the record of its own migrations. */
function flushPostgres(database: TestDatabase): Promise<number> {
  return database.asOwner(async (owner) => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
    );
    const waiting = await owner.query(
      `SELECT 1 FROM bullmq.job WHERE state IN ('waiting', 'active')`,
    );
    await owner.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
    return waiting.rows.length;
  });
}

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not installed: the queues live in PostgreSQL then.
    return false;
  }
}

async function startRedis(): Promise<{ url: string; stop: () => Promise<void> }> {
  const dir = mkdtempSync(join(tmpdir(), 'getupnet-e2e-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const ping = ['-p', String(port), 'ping'];
  await waitFor(() => execFileSync('redis-cli', ping, { stdio: 'pipe' }).toString() === 'PONG\n', {
    what: 'redis-server',
  });
  return { url: `redis://127.0.0.1:${port}`, stop: () => end(server, dir) };
}

async function end(server: ChildProcess, dir: string): Promise<void> {
  const ended = once(server, 'exit');
  server.kill();
  await ended;
  rmSync(dir, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

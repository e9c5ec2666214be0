import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@getupnet/testkit';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { SecurityEvents } from '../security/security-events.js';
import { CountSync } from './count-sync.js';
import { Meter } from './meter.js';
import { RedisCounts } from './redis-counts.js';

class RedisServer {
  readonly dir = mkdtempSync(join(tmpdir(), 'getupnet-limits-'));
  readonly socket = join(this.dir, 'redis.sock');
  #process: ChildProcess | undefined;

  async start(): Promise<void> {
    const args = ['--port', '0', '--unixsocket', this.socket, '--save', '', '--dir', this.dir];
    this.#process = spawn('redis-server', args, { stdio: 'ignore' });
    await waitFor(() => this.ask('ping') === 'PONG');
  }

  ask(...command: string[]): string {
    return execFileSync('redis-cli', ['-s', this.socket, ...command], { stdio: 'pipe' })
      .toString()
      .trim();
  }

  async stop(): Promise<void> {
    const ended = this.#process === undefined ? undefined : once(this.#process, 'exit');
    this.#process?.kill();
    this.#process = undefined;
    await ended;
  }
}

const hasRedis = (): boolean => {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
};

interface Replica {
  readonly meter: Meter;
  readonly sync: CountSync;
  readonly events: string[];
}

const LIMIT = { perSecond: 1, burst: 100 };
/** Time does not pass for the meters, so nothing drains while a test runs. */
const admittedOf = (meter: Meter, key: string, times: number): number => {
  const nowMs = performance.now();
  return Array.from({ length: times }, () => meter.take(key, nowMs)).filter((wait) => wait === 0)
    .length;
};

const describeWithRedis = hasRedis() ? describe : describe.skip;

describeWithRedis('LIM-1: processes that count together in Redis', () => {
  const server = new RedisServer();
  const replicas: Replica[] = [];
  const prefix = `t${randomBytes(6).toString('hex')}`;

  function replica(count = 2): Replica {
    const meter = new Meter('key', LIMIT, true);
    const logger = pino({ level: 'silent' });
    const registry = new Registry();
    const events = new SecurityEvents({ logger, registry });
    const types: string[] = [];
    events.addSink(({ type }) => void types.push(type));
    const shared = new RedisCounts(server.socket, prefix);
    const options = { meters: [meter], shared, replicas: count, events, logger, registry };
    const made = { meter, sync: new CountSync(options), events: types };
    replicas.push(made);
    return made;
  }

  /** Reconnects take a moment. */
  const joined = (one: Replica, key = 'probe'): Promise<unknown> =>
    waitFor(async () => {
      await one.sync.sync();
      one.events.length = 0;
      return admittedOf(one.meter, `${key}-${randomBytes(4).toString('hex')}`, 60) > 50;
    });

  beforeAll(() => server.start());
  afterEach(() => replicas.splice(0).forEach(({ sync }) => sync.close()));
  afterAll(async () => {
    await server.stop();
    rmSync(server.dir, { recursive: true });
  });

  test('what one admits the other refuses, after they have told each other', async () => {
    const [a, b] = [replica(), replica()];
    await Promise.all([joined(a), joined(b)]);
    const startedMs = performance.now();
    // Each second drains one more.
    const drained = (): number => Math.ceil((performance.now() - startedMs) / 1_000);
    expect(admittedOf(a.meter, 'k', 70)).toBe(70);
    await a.sync.sync();
    expect(admittedOf(b.meter, 'k', 1)).toBe(1);
    await b.sync.sync();
    const admitted = admittedOf(b.meter, 'k', 100);
    expect(70 + 1 + admitted).toBeGreaterThanOrEqual(99);
    expect(70 + 1 + admitted).toBeLessThanOrEqual(102 + drained());
    await b.sync.sync();
    admittedOf(a.meter, 'k', 1);
    await a.sync.sync();
    expect(admittedOf(a.meter, 'k', 5)).toBeLessThanOrEqual(1 + drained());
  });

  test('every key in Redis names its limit, holds no credential and expires', async () => {
    const one = replica();
    await joined(one);
    admittedOf(one.meter, 'api-key:1', 50);
    await one.sync.sync();
    const key = `${prefix}:limit:key:api-key:1`;
    const lives = Number(server.ask('pttl', key));
    expect(lives).toBeGreaterThan(45_000);
    expect(lives).toBeLessThanOrEqual(51_000);
    for (const stored of server.ask('keys', `${prefix}*`).split('\n')) {
      expect(Number(server.ask('pttl', stored))).toBeGreaterThan(0);
    }
  });

  test('PR-1: a flush only forgets what was asked, here and there nothing breaks', async () => {
    const one = replica();
    await joined(one);
    admittedOf(one.meter, 'flushed', 10);
    await one.sync.sync();
    server.ask('flushall');
    admittedOf(one.meter, 'flushed', 1);
    await one.sync.sync();
    expect(admittedOf(one.meter, 'flushed', 200)).toBeLessThanOrEqual(100);
    expect(one.events).toEqual([]);
  });

  test('a script cache that was emptied is filled again', async () => {
    const one = replica();
    await joined(one);
    server.ask('script', 'flush');
    admittedOf(one.meter, 'scripted', 10);
    await one.sync.sync();
    expect(one.events).toEqual([]);
  });

  test('while Redis is away each admits its part, says so, and comes back', async () => {
    const one = replica(4);
    await joined(one);
    await server.stop();
    await waitFor(async () => {
      admittedOf(one.meter, 'x', 1);
      await one.sync.sync();
      return one.events.includes('rate.store_lost');
    });
    expect(admittedOf(one.meter, 'alone', 200)).toBe(25);
    await one.sync.sync();
    expect(one.events).toEqual(['rate.store_lost']);
    await server.start();
    await joined(one, 'again');
  });

  test('a process that never reached Redis has its part too, half at most', async () => {
    const one = replica(1);
    expect(admittedOf(one.meter, 'early', 200)).toBe(50);
    await joined(one);
  });
});

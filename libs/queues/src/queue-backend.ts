import { createPostgresBackend, createRedisBackend, isPgPool, withBackend } from 'bullmq';
import type { JobsOptions, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { COMMAND_TIMEOUT_MS, SLOTS_PER_WORKER } from './limits.js';

export type QueueState = 'waiting' | 'active' | 'delayed' | 'failed' | 'completed';

export interface NewJob {
  readonly name: string;
  readonly data: object;
  readonly opts: JobsOptions;
}

/** The parts of BullMQ's queue we use; the same on every backend. */
export interface JobQueue {
  addBulk(jobs: NewJob[]): Promise<unknown>;
  getJobCounts(...states: QueueState[]): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface TakenJob {
  readonly id?: string | undefined;
  readonly data: unknown;
  readonly attemptsMade: number;
}

/** The parts of BullMQ's worker we use. */
export interface JobWorker {
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: TakenJob | undefined, error: Error) => void): unknown;
}

export type JobHandler = (job: TakenJob) => Promise<void>;

export interface WorkerSettings {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
}

/** Where queues live. */
export interface QueueBackend {
  /** As problems and readiness name it. */
  readonly name: 'PostgreSQL' | 'Redis';
  /** Most workers one process can have. */
  readonly maxWorkers: number;
  queue(name: string): JobQueue;
  /** The same queue with all of BullMQ, for the board. */
  wholeQueue(name: string): Queue;
  worker(name: string, handler: JobHandler, settings: WorkerSettings): JobWorker;
  ping(): Promise<void>;
  /** After all queues and workers are closed. */
  close(): Promise<void>;
}

/** Queues in the schema `bullmq`, over the pool of role queue, which stays the caller's. */
export function postgresBackend(pool: Pool): QueueBackend {
  // Every queue and worker listens for the shared pool's errors.
  pool.setMaxListeners(0);
  // BullMQ has a type of its own for pools; this narrows ours to both.
  if (!isPgPool(pool)) throw new TypeError('not a pg.Pool');
  const classes = withBackend(createPostgresBackend);
  return {
    name: 'PostgreSQL',
    maxWorkers: Math.floor(((pool.options.max ?? 0) - 1) / SLOTS_PER_WORKER),
    queue: (name) => new classes.Queue(name, { connection: pool }),
    // BullMQ types a queue by its store; whoever looks at one asks what both have.
    wholeQueue: (name) => new classes.Queue(name, { connection: pool }) as unknown as Queue,
    worker: (name, handler, settings) =>
      new classes.Worker(name, handler, { connection: pool, ...settings }),
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: () => Promise.resolve(),
  };
}

const MAX_REDIS_WORKERS = 1_000;
/** How long Redis may take to end a connection we have ended. */
const DISCONNECT_TIMEOUT_MS = 200;

/** Queues in Redis, keys below the prefix. */
export function redisBackend(url: string, prefix: string): QueueBackend {
  const classes = withBackend(createRedisBackend);
  // Whoever adds jobs wants to know at once that Redis is away; workers wait for its return.
  const adding = new Redis(url, {
    maxRetriesPerRequest: 1,
    connectTimeout: COMMAND_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  });
  const working = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: COMMAND_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    lazyConnect: true,
  });
  // Each failure is reported by the queue or worker that meets it.
  adding.on('error', () => undefined);
  working.on('error', () => undefined);
  return {
    name: 'Redis',
    maxWorkers: MAX_REDIS_WORKERS,
    queue: (name) => new classes.Queue(name, { connection: adding, prefix }),
    wholeQueue: (name) => new classes.Queue(name, { connection: adding, prefix }),
    worker: (name, handler, settings) =>
      new classes.Worker(name, handler, { connection: working, prefix, ...settings }),
    ping: async () => {
      await adding.ping();
    },
    close: async () => {
      adding.disconnect();
      working.disconnect();
      await Promise.resolve();
    },
  };
}

import { randomUUID } from 'node:crypto';
import { AppError, isDependencyAway } from '@getupnet/kernel';
import {
  BootError,
  RequestContext,
  crashPoint,
  logFailure,
  newTraceId,
  runInContext,
  type SecurityEvents,
} from '@getupnet/platform';
import { Injectable, Logger } from '@nestjs/common';
import { UnrecoverableError } from 'bullmq';
import type { z } from 'zod';
import * as limits from './limits.js';
import { TIMEOUT, settledWithin } from './settled-within.js';
import type { JobQueue, JobWorker, QueueBackend, QueueState, TakenJob } from './queue-backend.js';

export interface WorkOptions {
  /** Jobs of this queue the process works on at once. */
  readonly concurrency: number;
}

export interface JobInfo {
  readonly jobId: string;
  /** 1 the first time; more after a handler or its process crashed. */
  readonly attempt: number;
}

export type QueueCounts = Readonly<Record<QueueState, number>>;

const STATES: readonly QueueState[] = ['waiting', 'active', 'delayed', 'failed', 'completed'];

export interface QueuesOptions {
  /** Longest wait for the store when adding, asking or closing. */
  readonly commandTimeoutMs?: number;
  /** Hears of jobs nobody tries any more. */
  readonly events?: Pick<SecurityEvents, 'emit'> | undefined;
}

/** Queues and workers of a process. They carry ids and may be lost at any moment: PR-1. */
@Injectable()
export class Queues {
  readonly #backend: QueueBackend;
  readonly #commandTimeoutMs: number;
  readonly #events: Pick<SecurityEvents, 'emit'> | undefined;
  readonly #queues = new Map<string, JobQueue>();
  readonly #workers: JobWorker[] = [];
  readonly #logger = new Logger('Queues');
  #stopped: Promise<void> | undefined;

  constructor(backend: QueueBackend, options: QueuesOptions = {}) {
    this.#backend = backend;
    this.#commandTimeoutMs = options.commandTimeoutMs ?? limits.COMMAND_TIMEOUT_MS;
    this.#events = options.events;
  }

  /**
   * Adds one job for each payload, in one call, or rejects with `dependency.unavailable`. Ids are
   * fresh each time: BullMQ silently ignores one it still keeps.
   */
  async add(queueName: string, payloads: readonly object[]): Promise<void> {
    if (payloads.length > limits.MAX_JOBS_PER_ADD) {
      throw new RangeError(`${queueName}: more than ${limits.MAX_JOBS_PER_ADD} jobs in one call`);
    }
    const jobs = payloads.map((payload) => {
      if (Buffer.byteLength(JSON.stringify(payload)) > limits.MAX_PAYLOAD_BYTES) {
        throw new RangeError(`${queueName}: a payload exceeds ${limits.MAX_PAYLOAD_BYTES} bytes`);
      }
      return { name: queueName, data: payload, opts: jobOptions() };
    });
    if (jobs.length === 0) return;
    try {
      await this.within(this.queue(queueName).addBulk(jobs));
    } catch (cause) {
      throw new AppError('dependency.unavailable', { dependency: this.#backend.name }, { cause });
    }
  }

  /**
   * Works on a queue until shutdown. A payload that does not fit the schema is a dead letter at once;
   * what the handler throws is a crash, tried again a few times. Retries by plan are the handler's:
   * it records them in the database.
   */
  work<T>(
    queueName: string,
    schema: z.ZodType<T>,
    handler: (payload: T, info: JobInfo) => Promise<void>,
    { concurrency }: WorkOptions,
  ): void {
    if (this.#workers.length >= this.#backend.maxWorkers) {
      throw new BootError('DATABASE_POOL_QUEUE: too small for the workers of this process');
    }
    const worker = this.#backend.worker(
      queueName,
      async (job) => {
        const parsed = schema.safeParse(job.data);
        if (!parsed.success) throw new UnrecoverableError('the payload does not fit its schema');
        const info = { jobId: job.id ?? '', attempt: job.attemptsMade + 1 };
        const context = new RequestContext({ traceId: newTraceId(), tenantId: tenantOf(job.data) });
        if (CRASH_POINTS) await crashPoint('worker.before_job');
        await runInContext(context, () => handler(parsed.data, info));
        if (CRASH_POINTS) await crashPoint('worker.after_job');
      },
      {
        concurrency,
        lockDuration: limits.LOCK_MS,
        stalledInterval: limits.STALLED_CHECK_MS,
        maxStalledCount: limits.MAX_STALLED,
      },
    );
    worker.on('failed', (job, error) => {
      logFailure(this.#logger, error, { message: 'job failed', queue: queueName, jobId: job?.id });
      if (isDeadLetter(job, error)) {
        const details = { queue: queueName, jobId: job?.id ?? '', reason: error.message };
        this.#events?.emit('job.dead_letter', details);
      }
    });
    worker.on('error', (error) => {
      this.#logger.warn({ message: 'queue fault', queue: queueName, err: error });
    });
    this.#workers.push(worker);
  }

  /** Rejects when the queues' store does not answer. */
  async health(): Promise<void> {
    await this.within(this.#backend.ping());
  }

  /** Jobs by state, of the queues this process uses. */
  async counts(): Promise<ReadonlyMap<string, QueueCounts>> {
    const counts = await Promise.all(
      [...this.#queues].map(async ([name, queue]) => {
        const found = await this.within(queue.getJobCounts(...STATES));
        const entries = STATES.map((state) => [state, found[state] ?? 0] as const);
        return [name, Object.fromEntries(entries) as QueueCounts] as const;
      }),
    );
    return new Map(counts);
  }

  /** Takes no more jobs and waits for those running; what does not end in time is abandoned. */
  stopWorkers(): Promise<void> {
    this.#stopped ??= this.endWorkers();
    return this.#stopped;
  }

  /** After {@link stopWorkers}: ends the connections. */
  async close(): Promise<void> {
    await this.stopWorkers();
    const closing = Promise.all([...this.#queues.values()].map((queue) => queue.close()));
    // A store that is away does not keep the process from ending.
    if ((await settledWithin(closing, this.#commandTimeoutMs)) === TIMEOUT) {
      this.#logger.warn('queues did not close in time and were abandoned');
    }
    await this.#backend.close();
  }

  private async endWorkers(): Promise<void> {
    const closing = Promise.all(this.#workers.map((worker) => worker.close()));
    if ((await settledWithin(closing, limits.CLOSE_TIMEOUT_MS)) !== TIMEOUT) return;
    // Their jobs are taken up elsewhere once the locks run out.
    this.#logger.warn('handlers did not end in time and were abandoned');
  }

  private async within<T>(work: Promise<T>): Promise<T> {
    const result = await settledWithin(work, this.#commandTimeoutMs);
    if (result === TIMEOUT) throw new Error(`${this.#backend.name} did not answer in time`);
    return result;
  }

  private queue(name: string): JobQueue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = this.#backend.queue(name);
    queue.on('error', (error) => {
      this.#logger.warn({ message: 'queue fault', queue: name, err: error });
    });
    this.#queues.set(name, queue);
    return queue;
  }
}

/** Nobody tries it again, and no service being down explains it. */
function isDeadLetter(job: TakenJob | undefined, error: Error): boolean {
  if (isDependencyAway(error)) return false;
  const lost = error instanceof UnrecoverableError || /stalled more than/.test(error.message);
  return lost || (job?.attemptsMade ?? 0) >= limits.CRASH_ATTEMPTS;
}

function jobOptions() {
  return {
    jobId: `b-${randomUUID()}`,
    attempts: limits.CRASH_ATTEMPTS,
    backoff: { type: 'exponential', delay: limits.CRASH_BACK_OFF_MS },
    removeOnComplete: limits.KEEP_COMPLETED,
    removeOnFail: limits.KEEP_FAILED,
  };
}

/** For the log lines of the job; the schema has the say on what is valid. */
function tenantOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('tenantId' in payload)) return undefined;
  return typeof payload.tenantId === 'string' ? payload.tenantId : undefined;
}

import { Gauge, type Registry } from 'prom-client';
import type { Logger as Pino } from 'pino';
import type { SecurityEvents } from '../security/security-events.js';
import type { Meter } from './meter.js';
import type { SharedCounts } from './redis-counts.js';

export interface CountSyncOptions {
  readonly meters: readonly Meter[];
  /** None: this process counts for itself, with its part of each limit. */
  readonly shared: SharedCounts | undefined;
  readonly replicas: number;
  readonly events: SecurityEvents;
  readonly logger: Pino;
  readonly registry: Registry;
}

/**
 * How often processes tell each other what they admitted. In between, each can admit what the others
 * did within this time on top of the limit; that excess is in the level and is refused afterwards, so
 * the rate over any longer time is the limit's.
 */
export const SYNC_MS = 250;
const SWEEP_MS = 10_000;
const KEYS_PER_CALL = 500;
/** What is left waits for the next turn: a flood of keys must not occupy the store. */
const MAX_CALLS = 10;
/** Whoever has Redis has more than one process: never the whole limit while it is away. */
const LEAST_REPLICAS_BEHIND_REDIS = 2;

/** Keeps the meters of all processes in step, or cuts this process's part when it cannot. */
export class CountSync {
  readonly #options: CountSyncOptions;
  readonly #gauge: Gauge;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #localPart: number;
  #isShared = false;
  #wasTold = false;
  #running: Promise<void> | undefined;

  constructor(options: CountSyncOptions) {
    this.#options = options;
    const { shared, replicas, registry, meters } = options;
    const least = shared === undefined ? 1 : LEAST_REPLICAS_BEHIND_REDIS;
    this.#localPart = 1 / Math.max(replicas, least);
    this.#gauge = new Gauge({
      name: 'rate_limit_shared',
      help: '1 while requests are counted together with the other processes, 0 while alone.',
      registers: [registry],
    });
    meters.forEach((meter) => meter.scale(this.#localPart));
  }

  /** Until {@link close}. */
  start(): void {
    const every = (ms: number, work: () => void): void =>
      void this.#timers.push(setInterval(work, ms).unref());
    every(SWEEP_MS, () => {
      this.#options.meters.forEach((meter) => meter.sweep(performance.now()));
    });
    if (this.#options.shared !== undefined) every(SYNC_MS, () => void this.sync());
  }

  /** Tells and learns once; never rejects. */
  sync(): Promise<void> {
    this.#running ??= this.#sync().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  close(): void {
    this.#timers.forEach((timer) => clearInterval(timer));
    this.#options.shared?.close();
  }

  async #sync(): Promise<void> {
    const { shared, meters } = this.#options;
    if (shared === undefined) return;
    try {
      if (!this.#isShared) await shared.ping();
      for (const meter of meters) await tell(meter, shared);
      this.#become(true);
    } catch (error) {
      this.#become(false, error);
    }
  }

  #become(isShared: boolean, error?: unknown): void {
    const { meters, events, logger } = this.#options;
    if (isShared === this.#isShared && this.#wasTold) return;
    this.#isShared = isShared;
    this.#wasTold = true;
    this.#gauge.set(isShared ? 1 : 0);
    meters.forEach((meter) => meter.scale(isShared ? 1 : this.#localPart));
    if (isShared) logger.info('requests are counted together with the other processes');
    else {
      logger.warn({ err: error }, 'requests are counted by this process alone');
      events.emit('rate.store_lost', { part: this.#localPart });
    }
  }
}

async function tell(meter: Meter, shared: SharedCounts): Promise<void> {
  for (let call = 0; call < MAX_CALLS; call += 1) {
    const untold = meter.takeUntold(KEYS_PER_CALL, performance.now());
    if (untold.length === 0) return;
    let levels: readonly number[];
    try {
      levels = await shared.add(meter.name, meter.limit, untold);
    } catch (error) {
      meter.putBack(untold);
      throw error;
    }
    const nowMs = performance.now();
    untold.forEach(({ key }, index) => meter.learn(key, levels[index] ?? 0, nowMs));
  }
}

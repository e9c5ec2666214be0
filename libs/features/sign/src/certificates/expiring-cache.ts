import type { Clock } from '@getupnet/kernel';

interface Entry<V> {
  readonly value: Promise<V>;
  readonly until: number;
}

export interface CacheLimits {
  readonly entries: number;
  /** From loading, however often it is used. */
  readonly ttlMs: number;
}

/**
 * Values that are loaded once while they are fresh, also by callers at the same time. A load that
 * fails is not remembered. When full, what was used longest ago goes.
 */
export class ExpiringCache<V> {
  readonly #entries = new Map<string, Entry<V>>();

  constructor(
    private readonly clock: Clock,
    private readonly limits: CacheLimits,
  ) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, load: () => Promise<V>): Promise<V> {
    const now = this.clock.now().getTime();
    const known = this.#entries.get(key);
    this.#entries.delete(key);
    const entry =
      known !== undefined && known.until > now
        ? known
        : { value: load(), until: now + this.limits.ttlMs };
    this.#entries.set(key, entry);
    if (entry !== known) this.watch(key, entry);
    return entry.value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Drops what is no longer fresh, so that nothing outlives its time by not being asked for. */
  sweep(): void {
    const now = this.clock.now().getTime();
    for (const [key, entry] of this.#entries) {
      if (entry.until <= now) this.#entries.delete(key);
    }
  }

  private watch(key: string, entry: Entry<V>): void {
    if (this.#entries.size > this.limits.entries) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    entry.value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
  }
}

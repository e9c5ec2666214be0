/** So many requests a second for as long as one likes, and so many at once. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** What a key has used: a bucket that fills by one a request and drains at the limit's rate. */
interface Bucket {
  level: number;
  atMs: number;
  /** Admitted here since the shared count was last told. */
  untold: number;
}

/** Admitted requests of one key, to be told to the shared count. */
export interface Untold {
  readonly key: string;
  readonly hits: number;
}

const MAX_KEYS = 100_000;
/** Whoever comes when there are too many keys shares one bucket: never without a limit. */
const OVERFLOW = '*';

/**
 * One limit over any number of keys, as leaking buckets in memory: a look-up and a few additions for
 * each request. Times are of a monotonic clock, in milliseconds.
 */
export class Meter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #untold = new Map<string, Bucket>();
  #perMs: number;
  #burst: number;

  constructor(
    readonly name: string,
    readonly limit: RateLimit,
    /** Whether somebody takes {@link takeUntold} now and then. */
    private readonly isShared: boolean,
    private readonly maxKeys = MAX_KEYS,
  ) {
    this.#perMs = limit.perSecond / 1_000;
    this.#burst = limit.burst;
  }

  /** The part of the limit this process may spend: 1 while all processes count together. */
  scale(part: number): void {
    this.#perMs = (this.limit.perSecond * part) / 1_000;
    // Less than one at once would admit nobody ever.
    this.#burst = Math.max(1, this.limit.burst * part);
  }

  /** 0 when the request is admitted, which counts it; else the seconds until one would be. */
  take(key: string, nowMs: number): number {
    const bucket = this.#bucket(key, nowMs);
    this.#drain(bucket, nowMs);
    const above = bucket.level + 1 - this.#burst;
    if (above > 0) return Math.max(1, Math.ceil(above / this.#perMs / 1_000));
    bucket.level += 1;
    bucket.untold += 1;
    if (this.isShared && bucket.untold === 1) this.#untold.set(key, bucket);
    return 0;
  }

  /** What was admitted since last time, at most `max` keys of it. */
  takeUntold(max: number, nowMs: number): Untold[] {
    const taken: Untold[] = [];
    for (const [key, bucket] of this.#untold) {
      if (taken.length >= max) break;
      this.#untold.delete(key);
      this.#drain(bucket, nowMs);
      // What has drained here meanwhile would have drained there too.
      taken.push({ key, hits: Math.min(bucket.untold, bucket.level) });
      bucket.untold = 0;
    }
    return taken;
  }

  /** The shared count's level of a key, which includes all that was told to it. */
  learn(key: string, level: number, nowMs: number): void {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    bucket.level = level + bucket.untold;
    bucket.atMs = nowMs;
  }

  /** Telling failed: to be told again. */
  putBack(untold: readonly Untold[]): void {
    for (const { key, hits } of untold) {
      const bucket = this.#buckets.get(key);
      if (bucket === undefined) continue;
      bucket.untold += hits;
      this.#untold.set(key, bucket);
    }
  }

  /** Forgets keys that have used nothing lately. */
  sweep(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) {
      this.#drain(bucket, nowMs);
      if (bucket.level === 0) {
        this.#buckets.delete(key);
        this.#untold.delete(key);
      }
    }
  }

  get size(): number {
    return this.#buckets.size;
  }

  #bucket(key: string, nowMs: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.maxKeys && key !== OVERFLOW)
      return this.#bucket(OVERFLOW, nowMs);
    const bucket = { level: 0, atMs: nowMs, untold: 0 };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #drain(bucket: Bucket, nowMs: number): void {
    bucket.level = Math.max(0, bucket.level - (nowMs - bucket.atMs) * this.#perMs);
    bucket.atMs = nowMs;
  }
}

import { performance } from 'node:perf_hooks';

/** End of the time one request has, on the monotonic clock. */
export class Deadline {
  private constructor(private readonly endMs: number) {}

  static in(ms: number): Deadline {
    return new Deadline(performance.now() + ms);
  }

  /** Never negative. */
  remainingMs(): number {
    return Math.max(0, this.endMs - performance.now());
  }

  /** The earlier of this deadline and one `ms` from now. */
  atMost(ms: number): Deadline {
    return new Deadline(Math.min(this.endMs, performance.now() + ms));
  }
}

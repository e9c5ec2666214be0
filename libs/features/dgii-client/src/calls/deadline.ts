import { performance } from 'node:perf_hooks';

/** End of the time one request has, on the monotonic clock. */
export class Deadline {
  private constructor(
    private readonly endMs: number,
    /** What there was of it at the beginning. */
    readonly totalMs: number,
  ) {}

  static in(ms: number): Deadline {
    return new Deadline(performance.now() + ms, ms);
  }

  /** Never negative. */
  remainingMs(): number {
    return Math.max(0, this.endMs - performance.now());
  }

  /** What `work` comes to, or null when the time is over first; `work` goes on without a listener. */
  async orNull<T>(work: Promise<T>): Promise<T | null> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), this.remainingMs());
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(timer);
    }
  }
}

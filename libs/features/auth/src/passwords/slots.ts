import { AppError } from '@getupnet/kernel';

/** What a caller who finds the queue full is told to wait. */
const RETRY_AFTER_S = 2;

/** So much work at once, so much more that waits, in the order in which it came; the rest is refused. */
export class Slots {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(
    readonly width: number,
    readonly depth: number,
  ) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Rejects with `rate.limited`, at once, when the queue is full. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#running < this.width) {
      this.#running += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.depth) {
      return Promise.reject(new AppError('rate.limited', {}, { retryAfterS: RETRY_AFTER_S }));
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The slot goes straight to who waits longest: nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

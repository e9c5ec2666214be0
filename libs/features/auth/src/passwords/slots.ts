import { AppError } from '@getupnet/kernel';

/** What a caller who finds the queue full is told to wait. */
const RETRY_AFTER_S = 2;
/** Who waits longer has been answered by the server's own time limit before their turn would be over. */
const PATIENCE_MS = 20_000;

interface Waiting {
  readonly sinceMs: number;
  readonly begin: () => void;
  readonly refuse: (error: AppError) => void;
}

/** So much work at once, so much more that waits, in the order in which it came; the rest is refused. */
export class Slots {
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(
    readonly width: number,
    readonly depth: number,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Rejects with `rate.limited`: at once when the queue is full, or when its turn comes too late. */
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
    if (this.#waiting.length >= this.depth) return Promise.reject(refusal());
    return new Promise((begin, refuse) =>
      this.#waiting.push({ sinceMs: performance.now(), begin, refuse }),
    );
  }

  /** The slot goes straight to who waits longest: nobody slips in between. */
  #leave(): void {
    const nowMs = performance.now();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (nowMs - next.sinceMs <= this.patienceMs) return next.begin();
      next.refuse(refusal());
    }
    this.#running -= 1;
  }
}

const refusal = (): AppError => new AppError('rate.limited', {}, { retryAfterS: RETRY_AFTER_S });

import { setTimeout as delay } from 'node:timers/promises';

export interface RoundOptions {
  /** Pause after a round that answers true: there is nothing to do right now. */
  readonly pauseMs: number;
  /** One piece of work; answers whether to pause. It does not throw. */
  readonly work: () => Promise<boolean>;
}

/** Work that is looked for again and again, one piece at a time, until it is stopped. */
export class Rounds {
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly options: RoundOptions) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the piece under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (await this.options.work()) {
        await delay(this.options.pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

export interface RoundsOptions {
  /** From the end of a round to the next one, unless it is asked for sooner. */
  readonly everyMs: number;
  /** One round; true when there is more to be done at once. */
  readonly work: () => Promise<boolean | void>;
  /** Told of a round that failed; the next one comes as after any other. */
  readonly onFailure: (error: unknown) => void;
}

/** Work that is done again and again, one round at a time, until it is stopped. */
export class Rounds {
  #running: Promise<void> | undefined;
  #stopped = false;
  #asked = false;
  #wake: (() => void) | undefined;

  constructor(private readonly options: RoundsOptions) {}

  /** The first round begins now. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** A round that begins from now on comes at once. */
  now(): void {
    this.#asked = true;
    this.#wake?.();
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#asked = false;
      const more = await this.#round();
      if (!more && !this.#asked && !this.#stopped) await this.#pause();
    }
  }

  async #round(): Promise<boolean> {
    try {
      return (await this.options.work()) === true;
    } catch (error) {
      this.options.onFailure(error);
      return false;
    }
  }

  async #pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.options.everyMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

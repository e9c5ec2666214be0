/** Where the process is in its life; features look at it, only the platform moves it. */
export class Lifecycle {
  readonly #controller = new AbortController();

  /**
   * Aborted when shutdown begins. Whoever holds a request open (a long wait) or loops over work
   * ends early then.
   */
  get draining(): AbortSignal {
    return this.#controller.signal;
  }

  beginDrain(): void {
    this.#controller.abort();
  }
}

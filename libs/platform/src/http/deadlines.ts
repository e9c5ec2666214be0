import type { FastifyReply, FastifyRequest } from 'fastify';

const SWEEP_MS = 1_000;

interface Entry {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly until: number;
}

/**
 * Ends requests whose handler takes too long. One sweep a second over those under way, oldest first,
 * instead of a timer and an abort signal for each: this is the hot path.
 */
export class Deadlines {
  readonly #active = new Map<FastifyRequest, Entry>();

  constructor(
    private readonly limitMs: number,
    private readonly onExpired: (request: FastifyRequest, reply: FastifyReply) => void,
  ) {
    setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  begin(request: FastifyRequest, reply: FastifyReply): void {
    this.#active.set(request, { request, reply, until: performance.now() + this.limitMs });
  }

  end(request: FastifyRequest): void {
    this.#active.delete(request);
  }

  #sweep(): void {
    const now = performance.now();
    for (const { request, reply, until } of this.#active.values()) {
      if (until > now) return;
      this.#active.delete(request);
      this.onExpired(request, reply);
    }
  }
}

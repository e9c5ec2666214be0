import diagnostics from 'node:diagnostics_channel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const BEGIN = 'fastify.initialization';
const HANDLER = 'tracing:fastify.request.handler:start';

/**
 * What Fastify itself says: which routes were registered, and which requests got past every guard to a
 * handler. An answer alone cannot tell a guard's 401 from a handler's.
 */
export class Observer {
  /** `GET /path public`, as registered. */
  readonly registered = new Set<string>();
  readonly #reached = new Set<string>();
  readonly #begin = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url, constraints }) => {
      const side = (constraints as { readonly listener?: string } | undefined)?.listener ?? 'both';
      for (const one of [method].flat()) this.registered.add(`${one} ${url} ${side}`);
    });
  };
  readonly #handler = (message: unknown): void => {
    const { request } = message as { readonly request: FastifyRequest };
    this.#reached.add(request.ctx.requestId);
  };

  /** Before the application is made. */
  start(): void {
    diagnostics.subscribe(BEGIN, this.#begin);
    diagnostics.subscribe(HANDLER, this.#handler);
  }

  stop(): void {
    diagnostics.unsubscribe(BEGIN, this.#begin);
    diagnostics.unsubscribe(HANDLER, this.#handler);
  }

  /** Whether the request with this X-Request-ID came to a handler; asked once. */
  reachedHandler(requestId: string): boolean {
    return this.#reached.delete(requestId);
  }
}

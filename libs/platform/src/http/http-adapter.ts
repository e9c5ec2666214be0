import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { AddressList } from '../security/client-address.js';
import { answerClientError } from './client-errors.js';
import { DEFAULT_BODY_LIMIT } from './body-parsers.js';
import { REQUEST_TIMEOUT_MS, SERVER_OPTIONS, type Listeners } from './listeners.js';

const MAX_PARAM_LENGTH = 255;

export interface HttpAdapterOptions {
  readonly listeners: Listeners;
  readonly trustedProxies: AddressList;
  /** Answers any error with a problem. */
  readonly onError: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
  readonly onNotFound: (request: FastifyRequest, reply: FastifyReply) => void;
}

/** Fastify as the platform wants it; the handlers of errors are ours, not Nest's. */
export class HttpAdapter extends FastifyAdapter {
  readonly #options: HttpAdapterOptions;

  constructor(options: HttpAdapterOptions) {
    super({
      // No middleware in this product, so no hook to look for it on each request.
      skipMiddie: true,
      logger: false,
      bodyLimit: DEFAULT_BODY_LIMIT,
      requestTimeout: REQUEST_TIMEOUT_MS,
      http: SERVER_OPTIONS,
      requestIdHeader: false,
      trustProxy:
        options.trustedProxies.size > 0 &&
        ((address: string) => options.trustedProxies.has(address)),
      clientErrorHandler: answerClientError,
      frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
        options.onError(error, request, reply),
      routerOptions: {
        caseSensitive: false,
        maxParamLength: MAX_PARAM_LENGTH,
      },
    });
    this.getInstance<FastifyInstance>().addConstraintStrategy(
      listenerConstraint(options.listeners),
    );
    this.#options = options;
  }

  override setErrorHandler(): FastifyInstance {
    return this.getInstance<FastifyInstance>().setErrorHandler(this.#options.onError);
  }

  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance<FastifyInstance>().setNotFoundHandler(this.#options.onNotFound);
  }
}

type Constraint = Parameters<FastifyInstance['addConstraintStrategy']>[0];
type Handler = Parameters<ReturnType<Constraint['storage']>['set']>[1];

/** Routes with a `listener` constraint are seen by requests of that listener only. */
function listenerConstraint(listeners: Listeners): Constraint {
  return {
    name: 'listener',
    mustMatchWhenDerived: false,
    storage: () => {
      const handlers = new Map<unknown, Handler>();
      return {
        get: (listener: unknown) => handlers.get(listener) ?? null,
        set: (listener: unknown, handler: Handler) => void handlers.set(listener, handler),
      };
    },
    validate: (value: unknown) => {
      if (value !== 'public' && value !== 'internal') throw new TypeError('listener?');
    },
    deriveConstraint: (request: IncomingMessage) => listeners.listenerOf(request),
  };
}

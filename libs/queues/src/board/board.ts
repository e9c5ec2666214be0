import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { AppError } from '@getupnet/kernel';
import type { QueueBackend } from '../queue-backend.js';
import { COMMAND_TIMEOUT_MS } from '../limits.js';
import { TIMEOUT, settledWithin } from '../settled-within.js';
import { UI_ROOT } from './board-files.js';

type Adapter = Parameters<typeof createBullBoard>[0]['serverAdapter'];
type ApiRoutes = Parameters<Adapter['setApiRoutes']>[0];
type UiConfig = Parameters<Adapter['setUIConfig']>[0];
type BoardQueues = Parameters<Adapter['setQueues']>[0];

/** One question of the board's page. */
export interface BoardQuestion {
  /** As Bull Board writes it: `/api/queues/:queueName/:jobId`. */
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
}

/** Takes down what Bull Board wants served, so that our own declared routes serve it. */
class Captured implements Adapter {
  routes: ApiRoutes = [];
  queues: BoardQueues = new Map();
  config: UiConfig = {};

  setApiRoutes(routes: ApiRoutes): this {
    this.routes = routes;
    return this;
  }
  setQueues(queues: BoardQueues): this {
    this.queues = queues;
    return this;
  }
  setUIConfig(config: UiConfig): this {
    this.config = config;
    return this;
  }
  setViewsPath(): this {
    return this;
  }
  setStaticPath(): this {
    return this;
  }
  setEntryRoute(): this {
    return this;
  }
  setErrorHandler(): this {
    return this;
  }
}

/** Bull Board over some queues, for looking only: what happens to a job is the database's say. */
export class Board {
  readonly #captured = new Captured();
  readonly #backend: QueueBackend;
  readonly #opened: { close(): Promise<void> }[];

  constructor(backend: QueueBackend, names: readonly string[]) {
    this.#backend = backend;
    const queues = names.map((name) => backend.wholeQueue(name));
    // Each failure is met by the question that asks.
    queues.forEach((queue) => queue.on('error', () => undefined));
    this.#opened = queues;
    createBullBoard({
      queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
      serverAdapter: this.#captured,
      options: {
        uiBasePath: UI_ROOT,
        uiConfig: { boardTitle: 'GetUpNet e-CF', hideDocsLink: true, locale: { lng: 'es-ES' } },
      },
    });
  }

  get uiConfig(): object {
    return this.#captured.config;
  }

  /** Bull Board's answer; what it does not find is `resource.not_found`. */
  async answer({ route, params, query }: BoardQuestion): Promise<object> {
    const { routes, queues, config } = this.#captured;
    const found = routes.find((known) => known.method === 'get' && known.route === route);
    if (found === undefined) throw new AppError('resource.not_found');
    const request = {
      queues,
      uiConfig: config,
      params,
      query: query as object,
      body: {},
      headers: {},
    };
    const asked = Promise.resolve(found.handler(request)).catch((cause: unknown) => {
      throw new AppError('dependency.unavailable', { dependency: this.#backend.name }, { cause });
    });
    const result = await settledWithin(asked, COMMAND_TIMEOUT_MS);
    if (result === TIMEOUT) {
      throw new AppError('dependency.unavailable', { dependency: this.#backend.name });
    }
    const { status = 200, body } = result;
    if (status >= 400) throw new AppError('resource.not_found');
    return typeof body === 'string' ? { body } : body;
  }

  async close(): Promise<void> {
    const closing = Promise.all(this.#opened.map((queue) => queue.close()));
    await settledWithin(closing, COMMAND_TIMEOUT_MS);
    await this.#backend.close();
  }
}

import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import type { Observer } from './observer.js';
import type { Request } from './samples.js';

const NDJSON = 'application/x-ndjson';
const CONNECTIONS = 8;
const AT_ONCE = 16;

export interface Answer {
  /** Where the answer is lines: that of the only one. */
  readonly status: number;
  /** Problem code of a refusal. */
  readonly code: string | undefined;
  /** Head and body, as text. */
  readonly text: string;
  readonly body: string;
  readonly reachedHandler: boolean;
}

/** What became of one line of a batch. */
interface Line {
  readonly status: number;
  readonly problem?: { readonly code: string };
}

/** The two listeners of one application, over connections that stay open. */
export class Door {
  readonly #pools: Readonly<Record<'public' | 'internal', Pool>>;

  constructor(
    urls: { readonly publicUrl: string; readonly internalUrl: string },
    private readonly observer: Observer,
  ) {
    this.#pools = {
      public: new Pool(urls.publicUrl, { connections: CONNECTIONS }),
      internal: new Pool(urls.internalUrl, { connections: CONNECTIONS }),
    };
  }

  async call(side: 'public' | 'internal', request: Request): Promise<Answer> {
    const requestId = randomUUID();
    const { method, path, headers, body } = request;
    const answer = await this.#pools[side].request({
      method,
      path,
      headers: { ...headers, 'x-request-id': requestId },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.body.text();
    const line = answer.headers['content-type'] === NDJSON ? lineOf(text) : undefined;
    return {
      status: line?.status ?? answer.statusCode,
      code: line === undefined ? codeOf(text) : line.problem?.code,
      text: `${JSON.stringify(answer.headers)}\n${text}`,
      body: text,
      reachedHandler: this.observer.reachedHandler(requestId),
    };
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#pools).map((pool) => pool.close()));
  }
}

/** Works through items, so many at once; answers in their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of entries) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function lineOf(text: string): Line {
  return JSON.parse(text) as Line;
}

function codeOf(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  const { code } = JSON.parse(text) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

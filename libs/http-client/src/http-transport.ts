import { Pool, type Dispatcher } from 'undici';

/** A TCP and TLS connection is made within this time or the request was certainly not sent. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** From the call to the last byte of the answer. */
export const TOTAL_TIMEOUT_MS = 20_000;
/** Larger answers are given up, unless the transport is made with another limit. */
export const MAX_ANSWER_BYTES = 1_000_000;
/** Keep-alive connections per origin; further requests wait for one, inside their own time-out. */
export const CONNECTIONS_PER_ORIGIN = 64;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly timeoutMs?: number | undefined;
  /** In place of the transport's own limit. */
  readonly maxAnswerBytes?: number | undefined;
}

/** What became of one request. Nothing is ever sent twice. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  /** Written to the connection, at least in part; no complete answer of bearable size came back. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** Failed before its first byte was written. */
  | { readonly kind: 'unsent'; readonly reason: string };

export interface TransportOptions {
  readonly connectTimeoutMs?: number;
  /** From the last byte of the request to the answer's headers; without it only the total counts. */
  readonly headersTimeoutMs?: number;
  /** Silence between two parts of the answer's body; without it only the total counts. */
  readonly bodyTimeoutMs?: number;
  /** No request takes longer, whatever it states. */
  readonly totalTimeoutMs?: number;
  readonly maxAnswerBytes?: number;
  readonly connectionsPerOrigin?: number;
  /** PEM of the roots trusted in place of the system's. */
  readonly ca?: string;
}

/** Keep-alive pool per origin. Follows no redirect and repeats no request. */
export class HttpTransport {
  private readonly pools = new Map<string, Pool>();

  constructor(private readonly options: TransportOptions = {}) {}

  send(request: HttpRequest): Promise<Exchange> {
    return new Promise((resolve) => {
      const handler = new ExchangeHandler(
        this.timeoutMs(request),
        request.maxAnswerBytes ?? this.options.maxAnswerBytes ?? MAX_ANSWER_BYTES,
        resolve,
      );
      this.pool(request.url.origin).dispatch(
        {
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: { ...request.headers },
          body: request.body ?? null,
        },
        handler,
      );
    });
  }

  async close(): Promise<void> {
    const pools = [...this.pools.values()];
    this.pools.clear();
    await Promise.all(pools.map((pool) => pool.close()));
  }

  private timeoutMs({ timeoutMs }: HttpRequest): number {
    const { totalTimeoutMs } = this.options;
    if (timeoutMs === undefined) return totalTimeoutMs ?? TOTAL_TIMEOUT_MS;
    return Math.min(timeoutMs, totalTimeoutMs ?? timeoutMs);
  }

  private pool(origin: string): Pool {
    const known = this.pools.get(origin);
    if (known) return known;
    const { options } = this;
    const pool = new Pool(origin, {
      connections: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
      pipelining: 1,
      // Zero leaves it to the total.
      headersTimeout: options.headersTimeoutMs ?? 0,
      bodyTimeout: options.bodyTimeoutMs ?? 0,
      connect: {
        timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      },
    });
    this.pools.set(origin, pool);
    return pool;
  }
}

/**
 * undici calls `onRequestStart` once the connection stands and right before the first byte is
 * written: that moment divides "certainly not sent" from "nobody knows".
 */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private contentType = '';
  private size = 0;
  private readonly chunks: Buffer[] = [];
  private readonly timer: NodeJS.Timeout;
  private readonly deadlineMs: number;

  constructor(
    timeoutMs: number,
    private readonly maxBytes: number,
    private readonly resolve: (exchange: Exchange) => void,
  ) {
    this.deadlineMs = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.giveUp('timeout'), Math.max(timeoutMs, 0));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A process that was stopped meets the connection before its own timer when it wakes up.
    if (performance.now() > this.deadlineMs) this.giveUp('timeout');
    if (this.settled || this.controller) {
      // Timed out while waiting for a connection, or undici would repeat it on a new one.
      controller.abort(new Error('request may not start'));
      return;
    }
    this.controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const type = headers['content-type'];
    this.status = status;
    this.contentType = (Array.isArray(type) ? type[0] : type) ?? '';
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) this.giveUp('answer.too_large');
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.chunks).toString('utf8');
    const { status, contentType } = this;
    this.settle({ kind: 'answer', status, contentType, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.settle({ kind: this.controller ? 'lost' : 'unsent', reason: reasonOf(error) });
  }

  private giveUp(reason: string): void {
    this.settle({ kind: this.controller ? 'lost' : 'unsent', reason });
    this.controller?.abort(new Error(reason));
  }

  private settle(exchange: Exchange): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.resolve(exchange);
  }
}

function reasonOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return code === 'AggregateError' ? 'connect.failed' : code;
}

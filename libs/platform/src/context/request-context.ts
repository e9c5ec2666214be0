import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';

/** Name and type of a value kept with a request or job. */
export interface ContextKey<T> {
  readonly symbol: symbol;
  /** Never set: carries the type. */
  readonly value?: T;
}

export function contextKey<T>(name: string): ContextKey<T> {
  return { symbol: Symbol(name) };
}

export interface RequestContextFields {
  readonly traceId: string;
  readonly requestId?: string;
  readonly traceparent?: string | undefined;
  readonly service?: string;
  readonly tenantId?: string | undefined;
}

/** What is known about the request or job being worked on; every log line carries it. */
export class RequestContext {
  readonly traceId: string;
  readonly requestId: string;
  readonly traceparent: string | undefined;
  service: string | undefined;
  /** Set once the caller is authenticated. */
  tenantId: string | undefined;
  /** Who calls, for the access log: `api-key:<id>`, `billing/v1`. */
  caller: string | undefined;
  /** The client's address, once a request came in: the peer, or whom a trusted proxy names. */
  remote: string | undefined;
  /** Tier of the tenant's plan, for its rate limit; left by the access control where it is known. */
  tenantTier: string | undefined;
  #values: Map<symbol, unknown> | undefined;

  constructor(fields: RequestContextFields) {
    this.traceId = fields.traceId;
    this.requestId = fields.requestId ?? fields.traceId;
    this.traceparent = fields.traceparent;
    this.service = fields.service;
    this.tenantId = fields.tenantId;
    this.caller = undefined;
    this.remote = undefined;
    this.tenantTier = undefined;
  }

  set<T>(key: ContextKey<T>, value: T): void {
    this.#values ??= new Map();
    this.#values.set(key.symbol, value);
  }

  get<T>(key: ContextKey<T>): T | undefined {
    return this.#values?.get(key.symbol) as T | undefined;
  }
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Context of the request or job being worked on, if any. */
export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

/** Runs `work` with a context: for jobs, timers and whatever else is not a request. */
export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

const SAFE_ID = /^[A-Za-z0-9-]{8,64}$/;
/** W3C Trace Context level 1: version, trace id, parent id, flags. */
const TRACEPARENT = /^00-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const NO_TRACE = '0'.repeat(32);

/** Context of an incoming request; ids of another shape than ours are replaced, never logged. */
export function contextOf(headers: IncomingHttpHeaders): RequestContext {
  const stated = safeId(headers['x-request-id']) ?? safeId(headers['x-trace-id']);
  const traceparent = headers['traceparent'];
  const parent = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  const requestId = stated ?? newTraceId();
  const traced = parent?.[1] !== undefined && parent[1] !== NO_TRACE;
  return new RequestContext({
    requestId,
    traceId: traced ? parent[1] : requestId,
    traceparent: traced ? parent[0] : undefined,
  } as RequestContextFields);
}

function safeId(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' && SAFE_ID.test(header) ? header : undefined;
}

/** 32 hex digits, so that it may also serve as a W3C trace id. */
export function newTraceId(): string {
  return randomUUID().replaceAll('-', '');
}

/** Headers that carry the current trace on to another service of ours. */
export function traceHeaders(context = currentContext()): Record<string, string> {
  if (context === undefined) return {};
  const { requestId, traceparent } = context;
  return { 'x-request-id': requestId, ...(traceparent === undefined ? {} : { traceparent }) };
}

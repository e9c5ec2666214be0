import { AppError } from '@getupnet/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Logger as Pino } from 'pino';
import { contextOf, runInContext } from '../context/request-context.js';
import type { EndpointDeclaration } from '../endpoint/endpoint.js';
import type { ScannedRoute } from '../endpoint/scan-routes.js';
import type { HttpMetrics } from '../metrics/http-metrics.js';
import type { RateLimits } from '../limits/rate-limits.js';
import { takeOpsCookie } from '../ops/ops-cookie.js';
import { addressOf } from '../security/client-address.js';
import type { AccessRegistry } from './access-control.js';
import type { AdminGate } from './admin-gate.js';
import { MAX_BODY_LIMIT, assertPlainBody, registerBodyParsers } from './body-parsers.js';
import './fastify-types.js';
import type { Deadlines } from './deadlines.js';
import { assertFraming } from './framing.js';
import type { Listeners } from './listeners.js';
import type { PublicEdge } from './public-edge.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Hex SHA-256 of nothing: the hash of a request without body. */
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const MAX_LOGGED_PATH = 200;

export interface PipelineOptions {
  readonly routes: readonly ScannedRoute[];
  readonly listeners: Listeners;
  readonly access: AccessRegistry;
  readonly accessLog: Pino;
  readonly metrics: HttpMetrics;
  readonly draining: AbortSignal;
  readonly deadlines: Deadlines;
  readonly edge: PublicEdge;
  readonly adminGate: AdminGate;
  readonly limits: RateLimits;
  readonly onNotFound: (request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * Everything that happens to every request around its handler: context, headers, listener, access,
 * body, access log and metrics. Installed before Nest registers its routes.
 */
export class Pipeline {
  readonly #routes: ReadonlyMap<EndpointDeclaration, ScannedRoute>;
  readonly #problems: string[] = [];

  constructor(private readonly options: PipelineOptions) {
    this.#routes = new Map(options.routes.map((route) => [route.endpoint, route]));
  }

  /** Routes that reached Fastify without a declaration, or with a scope that nobody guards. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  install(fastify: FastifyInstance): void {
    fastify.decorateRequest('ctx');
    fastify.decorateRequest('bodySha256', undefined);
    fastify.decorateRequest('problemCode', undefined);
    registerBodyParsers(fastify);
    fastify.addHook('onRoute', (route) => this.#onRoute(route));
    fastify.addHook('onRequest', (request, reply, done) => this.#onRequest(request, reply, done));
    fastify.addHook('preHandler', (request, _reply, done) => {
      const { access, hashBody } = request.routeOptions.config;
      try {
        if (hashBody === true) access?.admitBody(request, request.bodySha256 ?? EMPTY_SHA256);
        done();
      } catch (error) {
        done(error as Error);
      }
    });
    fastify.addHook('onSend', (_request, reply, _payload, done) => {
      if (this.options.draining.aborted) reply.header('connection', 'close');
      done();
    });
    fastify.addHook('onResponse', (request, reply, done) => {
      this.#onResponse(request, reply);
      done();
    });
  }

  #onRoute(route: RouteOptions): void {
    const endpoint = route.config?.endpoint;
    const scanned = endpoint === undefined ? undefined : this.#routes.get(endpoint);
    if (endpoint === undefined || scanned === undefined) {
      this.#problems.push(`${String(route.method)} ${route.url}: a route without @Endpoint`);
      return;
    }
    const access = this.options.access.get(endpoint.scope);
    if (access === undefined && endpoint.scope !== 'PUBLIC') {
      this.#problems.push(`${scanned.handler}: nothing guards scope ${endpoint.scope}`);
    }
    route.config = {
      ...route.config,
      called: { service: scanned.service, endpoint },
      access,
      hashBody: access?.needsBodyHash === true,
    };
    if (endpoint.bodyLimit !== undefined) {
      route.bodyLimit = Math.min(endpoint.bodyLimit, MAX_BODY_LIMIT);
    }
  }

  #onRequest(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    const context = contextOf(request.headers);
    request.ctx = context;
    context.remote = addressOf(request);
    this.options.deadlines.begin(request, reply);
    reply.headers(SECURITY_HEADERS).header('x-request-id', context.requestId);
    runInContext(context, () => {
      try {
        if (this.#answerEarly(request, reply)) return;
        const waiting = this.#admit(request);
        if (waiting === undefined) done();
        else waiting.then(() => done(), done);
      } catch (error) {
        done(error as Error);
      }
    });
  }

  /** Preflights and unknown paths are answered here, before a byte of a body is read. */
  #answerEarly(request: FastifyRequest, reply: FastifyReply): boolean {
    const { edge, limits, adminGate, listeners, onNotFound } = this.options;
    assertFraming(request, reply);
    const endpoint = request.routeOptions.config.called?.endpoint;
    // Probes reach /healthz by address, so the Host is not ours there; it has a limit of its own.
    if (endpoint?.listener !== 'both' && listeners.listenerOf(request.raw) === 'public') {
      edge.admit(request, reply);
      limits.admitAddress(request.ctx.remote ?? '');
      if (edge.answersPreflight(request, reply)) return true;
      adminGate.admit(request.ctx, endpoint);
    }
    if (!request.is404) return false;
    onNotFound(request, reply);
    return true;
  }

  #admit(request: FastifyRequest): void | Promise<void> {
    const { called, access } = request.routeOptions.config;
    if (called === undefined) throw new AppError('resource.not_found');
    request.ctx.service = called.service;
    const { listener, scope } = called.endpoint;
    // The router saw to it already; a second, independent look costs nothing.
    if (listener !== 'both' && listener !== this.options.listeners.listenerOf(request.raw)) {
      throw new AppError('resource.not_found');
    }
    assertPlainBody(request);
    if (scope === 'PUBLIC') return undefined;
    if (access === undefined) throw new AppError('auth.forbidden', { permission: scope });
    if (called.endpoint.browserLogin !== undefined) takeOpsCookie(request);
    const { limits } = this.options;
    const waiting = access.admit(request, called);
    // Services of ours call on behalf of whoever was counted at the door.
    if (scope === 'SERVICE') return waiting;
    if (waiting === undefined) return limits.admitCaller(request.ctx);
    return waiting.then(() => limits.admitCaller(request.ctx));
  }

  #onResponse(request: FastifyRequest, reply: FastifyReply): void {
    this.options.deadlines.end(request);
    const { called } = request.routeOptions.config;
    const { method, ctx } = request;
    const durationMs = reply.elapsedTime;
    const status = reply.statusCode;
    const service = called?.service ?? 'platform';
    const route = called?.endpoint.path ?? '-';
    this.options.metrics.observe({ service, method, route, status, durationMs });
    if (service === 'platform' && called !== undefined) return;
    const line: Record<string, unknown> = {
      method,
      route,
      status,
      duration_ms: Math.round(durationMs * 100) / 100,
      remote: ctx.remote,
    };
    if (called === undefined)
      line['path'] = request.raw.url?.split('?', 1)[0]?.slice(0, MAX_LOGGED_PATH);
    if (ctx.caller !== undefined) line['caller'] = ctx.caller;
    if (request.problemCode !== undefined) line['code'] = request.problemCode;
    runInContext(ctx, () => this.options.accessLog.info(line, 'request'));
  }
}

import { AppError } from '@getupnet/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger as Pino } from 'pino';
import { contextOf } from '../context/request-context.js';
import { addressOf } from '../security/client-address.js';
import { eventOfProblem } from '../security/event-types.js';
import type { SecurityEvents } from '../security/security-events.js';
import type { AllowedMethods } from './allowed-methods.js';
import { DEFAULT_BODY_LIMIT } from './body-parsers.js';
import { afterBody } from './discard-body.js';
import type { Listeners } from './listeners.js';
import { PROBLEM_JSON, toFailure, toProblem, type Failure, type Problem } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

const TOO_LARGE = 413;

/** Answers failures as problems; the only place that does. */
export class ProblemSender {
  constructor(
    private readonly logger: Pino,
    private readonly listeners: Listeners,
    private readonly allowed: AllowedMethods,
    private readonly events: SecurityEvents,
  ) {}

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    // A path the router cannot read never went through the hooks that set these.
    request.ctx ??= contextOf(request.headers);
    request.ctx.remote ??= addressOf(request);
    const route = request.routeOptions;
    const failure = toFailure(error, {
      bodyLimit: route?.bodyLimit ?? DEFAULT_BODY_LIMIT,
      consumes: route?.config?.endpoint?.consumes ?? [],
    });
    const { traceId, requestId } = request.ctx;
    if (failure.isBug) {
      this.logger.error(
        { err: error, method: request.method, route: route?.url },
        'unexpected error',
      );
    }
    // Answered already, by its deadline: what the handler says now reaches nobody.
    if (reply.raw.writableEnded) return;
    if (reply.sent || reply.raw.headersSent) {
      // Too late to answer: a cut connection tells the caller that the answer is not whole.
      reply.raw.destroy();
      return;
    }
    const problem = toProblem(failure, traceId, pathOf(request));
    request.problemCode = problem.code;
    this.#tell(problem, failure, request);
    reply.code(problem.status).headers(SECURITY_HEADERS).header('x-request-id', requestId);
    const login = request.routeOptions?.config?.endpoint?.browserLogin;
    if (problem.status === 401 && login !== undefined && wantsPage(request)) {
      void reply.code(303).header('location', login).send();
      return;
    }
    if (failure.retryAfterS !== undefined) reply.header('retry-after', String(failure.retryAfterS));
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    const answer = (): void =>
      void reply.header('content-type', PROBLEM_JSON).send(JSON.stringify(problem));
    if (problem.status === TOO_LARGE) afterBody(request.raw, answer);
    else answer();
  }

  #tell({ code }: Problem, { params }: Failure, request: FastifyRequest): void {
    const type = eventOfProblem(code);
    if (type === undefined) return;
    const { method, headers } = request;
    const route = request.routeOptions?.config?.endpoint?.path ?? '-';
    const origin = code === 'cors.origin_denied' ? { origin: headers.origin ?? '' } : {};
    this.events.emit(type, { ...params, code, method, route, ...origin }, request.ctx);
  }

  sendNotFound(request: FastifyRequest, reply: FastifyReply): void {
    const methods = this.allowed.find(
      request.raw.url ?? '',
      this.listeners.listenerOf(request.raw),
    );
    if (methods.length === 0 || methods.includes(request.method)) {
      this.send(new AppError('resource.not_found'), request, reply);
      return;
    }
    const allow = methods.join(', ');
    reply.header('allow', allow);
    this.send(new AppError('method.not_allowed', { allow }), request, reply);
  }
}

function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') === true;
}

function pathOf(request: FastifyRequest): string | undefined {
  if (request.is404) return undefined;
  return request.raw.url?.split('?', 1)[0];
}

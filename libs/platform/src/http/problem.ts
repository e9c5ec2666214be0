import {
  PROBLEMS,
  isProblemCode,
  type ProblemCode,
  type ProblemDefinition,
} from '@getupnet/contracts';
import { AppError, isAppError, type Violation } from '@getupnet/kernel';
import { HttpException } from '@nestjs/common';

export const PROBLEM_JSON = 'application/problem+json';
const MAX_ERRORS = 100;

/** RFC 9457 problem details with our extensions `code`, `traceId` and `errors`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: ProblemCode;
  readonly traceId: string;
  readonly errors?: readonly Violation[];
}

/** A failure as it is answered. */
export interface Failure {
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly errors: readonly Violation[];
  readonly retryAfterS: number | undefined;
  /** Our fault: logged with its stack, answered without details. */
  readonly isBug: boolean;
}

/** What the body limit or the media types of the route were, for the error's text. */
export interface RouteLimits {
  readonly bodyLimit: number;
  readonly consumes: readonly string[];
}

/** Any error, whoever threw it (a use case, Nest, Fastify, Node), as an answer of the catalogue. */
export function toFailure(error: unknown, limits: RouteLimits): Failure {
  const known = isAppError(error) ? error : fromFramework(error, limits);
  if (known === undefined || !isProblemCode(known.code) || known.code === 'internal') {
    return { code: 'internal', params: {}, errors: [], retryAfterS: undefined, isBug: true };
  }
  const definition: ProblemDefinition = PROBLEMS[known.code];
  return {
    code: known.code,
    params: known.params,
    errors: known.errors.slice(0, MAX_ERRORS),
    retryAfterS: known.retryAfterS ?? definition.retryAfterS,
    isBug: false,
  };
}

/** The body of a failure's answer. */
export function toProblem(failure: Failure, traceId: string, instance?: string): Problem {
  const { status, title, detail }: ProblemDefinition = PROBLEMS[failure.code];
  return {
    type: `urn:getupnet:problem:${failure.code}`,
    title,
    status,
    detail: fill(detail, failure.params),
    ...(instance === undefined ? {} : { instance }),
    code: failure.code,
    traceId,
    ...(failure.errors.length === 0 ? {} : { errors: failure.errors }),
  };
}

function fill(text: string, params: Failure['params']): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '…'));
}

function fromFramework(error: unknown, limits: RouteLimits): AppError | undefined {
  if (error instanceof HttpException) return fromStatus(error.getStatus(), limits, error);
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return fromStatus(413, limits, error);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_CTP_INVALID_TYPE':
      return fromStatus(415, limits, error);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return invalid('el tamaño del cuerpo no es el de Content-Length', error);
    // A path that cannot be decoded, or a segment too long for any route, names nothing.
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return fromStatus(404, limits, error);
    case 'ECONNRESET':
      return invalid('la conexión se cerró antes de tiempo', error);
    default:
      return undefined;
  }
}

function fromStatus(status: number, limits: RouteLimits, cause: unknown): AppError | undefined {
  const options = { cause };
  switch (status) {
    case 401:
      return new AppError('auth.token_invalid', {}, options);
    case 403:
      return new AppError('auth.forbidden', {}, options);
    case 404:
      return new AppError('resource.not_found', {}, options);
    case 408:
      return new AppError('request.timeout', {}, options);
    case 413:
      return new AppError('request.too_large', { limit: sizeText(limits.bodyLimit) }, options);
    case 415: {
      const expected = limits.consumes.join(', ');
      return new AppError('request.unsupported_media_type', { expected }, options);
    }
    case 429:
      return new AppError('rate.limited', {}, options);
    default:
      return status >= 400 && status < 500 ? invalid('no se pudo procesar', cause) : undefined;
  }
}

function invalid(reason: string, cause: unknown): AppError {
  return new AppError('request.invalid', { reason }, { cause });
}

function sizeText(bytes: number): string {
  const kibibytes = bytes / 1024;
  return kibibytes >= 1024 ? `${Math.floor(kibibytes / 1024)} MB` : `${Math.floor(kibibytes)} kB`;
}

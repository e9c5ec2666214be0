import { AppError } from '@getupnet/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';

const MAX_AGE_S = '600';
const ALLOWED_METHODS = 'GET, POST, PUT, PATCH, DELETE';
const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, Prefer, X-Request-ID, X-Tenant-ID, traceparent';
const EXPOSED_HEADERS =
  'Idempotency-Replayed, Preference-Applied, Retry-After, X-Request-ID, WWW-Authenticate';

export interface PublicEdgeOptions {
  /** Origins whose pages may call us, exactly as browsers send them. */
  readonly origins: readonly string[];
  /** Host names we answer to; none: any, for installations whose proxy checks it. */
  readonly hosts: readonly string[];
}

/** What the public listener asks of a request before anything else: its Host and its Origin. */
export class PublicEdge {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;

  constructor({ origins, hosts }: PublicEdgeOptions) {
    this.#origins = new Set(origins);
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
  }

  /** Throws for a foreign Host or Origin; pages of listed ones may read the answer. */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#hosts.size > 0 && !hostsOf(request).every((host) => this.#hosts.has(host))) {
      throw new AppError('request.invalid', { reason: 'el Host no es de esta instalación' });
    }
    const { origin } = request.headers;
    if (origin === undefined) return;
    if (!this.#origins.has(origin)) throw new AppError('cors.origin_denied');
    reply.header('vary', 'Origin');
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', EXPOSED_HEADERS);
  }

  /** True when the request, admitted before, was a preflight, which is answered now. */
  answersPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
    const { origin, 'access-control-request-method': asked } = request.headers;
    if (origin === undefined || asked === undefined || request.method !== 'OPTIONS') return false;
    reply.header('access-control-allow-methods', ALLOWED_METHODS);
    reply.header('access-control-allow-headers', ALLOWED_HEADERS);
    reply.header('access-control-max-age', MAX_AGE_S);
    void reply.code(204).send();
    return true;
  }
}

const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

/** Names the request is for, without port: its Host, and the one inside an absolute-form target. */
function hostsOf(request: FastifyRequest): string[] {
  const names = [nameOf(request.headers.host ?? '')];
  const url = request.raw.url ?? '';
  if (!url.startsWith('/')) {
    const authority = AUTHORITY.exec(url)?.[1];
    if (authority !== undefined) names.push(nameOf(authority));
  }
  return names;
}

const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '');

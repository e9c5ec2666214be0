import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DGII_HOSTS } from '../http/service-map.js';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** What a page of any site may send without its browser asking first (Fetch standard, 2.2.2). */
const UNASKED = /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i;

/** A request that a page of another site may have made; says what to do instead. */
class RefusedRequest extends Error {
  constructor(
    readonly statusCode: 403 | 415,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Keeps other sites' pages away from everything but DGII's services and `open`: the rest has no
 * password. A name that a stranger's DNS points at this machine (DNS rebinding) is no Host of ours,
 * and a change must come from a page of this very origin, or be of a kind that browsers ask leave
 * for before they send it elsewhere; nobody gives it here.
 */
export function guardLocal(
  server: FastifyInstance,
  hosts: ReadonlySet<string>,
  open: readonly string[],
): void {
  server.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (isService(path) || open.includes(path)) {
      done();
      return;
    }
    void reply.headers({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    done(problemOf(request, hosts));
  });
}

const isService = (path: string): boolean =>
  DGII_HOSTS.some((host) => path.startsWith(`/${host}/`));

function problemOf(
  request: FastifyRequest,
  hosts: ReadonlySet<string>,
): RefusedRequest | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  if (!isLocalHost(host, hosts)) {
    return new RefusedRequest(
      403,
      'Esta dirección solo se atiende como localhost o con un nombre dado en --control-host.',
    );
  }
  if (READING.has(request.method)) return undefined;
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign || (origin !== undefined && !isOriginOf(origin, host))) {
    return new RefusedRequest(403, 'Los cambios no se aceptan desde páginas de otro origen.');
  }
  if (origin !== undefined || request.method !== 'POST') return undefined;
  const type = request.headers['content-type'];
  return type === undefined || UNASKED.test(type)
    ? new RefusedRequest(415, 'Envíe el cuerpo como application/json.')
    : undefined;
}

/** Whether a Host header names this machine, or is one of the configured names. */
export function isLocalHost(hostHeader: string, hosts: ReadonlySet<string>): boolean {
  const name = urlOf(`http://${hostHeader}/`)?.hostname;
  if (name === undefined || name === '') return false;
  const isLoopback =
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(name);
  return isLoopback || hosts.has(name);
}

function isOriginOf(origin: string, hostHeader: string): boolean {
  const from = urlOf(origin);
  return from !== undefined && from.host === urlOf(`${from.protocol}//${hostHeader}/`)?.host;
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

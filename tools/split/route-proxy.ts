import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { RouteRow } from '@getupnet/platform';

/** Where each service's public listener is. */
export type Upstreams = Readonly<Record<string, string>>;

export interface RouteProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** Hop-by-hop headers (RFC 9110 §7.6.1) are the connection's, not the message's. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
]);

/**
 * The gateway of the split services where no Traefik is at hand: hands each public route of the
 * table to the service that owns it, and knows no other route.
 */
export async function startRouteProxy(
  routes: readonly RouteRow[],
  upstreams: Upstreams,
): Promise<RouteProxy> {
  const owners = routes
    .filter((route) => route.listener !== 'internal' && upstreams[route.service] !== undefined)
    .map((route) => ({ pattern: patternOf(route.path), upstream: upstreams[route.service] ?? '' }));
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    const owner = owners.find(({ pattern }) => pattern.test(path));
    if (owner) forward(incoming, outgoing, owner.upstream);
    else answer(outgoing, 404, 'resource.not_found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `/tenant/invoices/{id}` → a case-insensitive pattern with one segment for each parameter. */
export function patternOf(path: string): RegExp {
  const escaped = path
    .split(/\{[^}]+\}/)
    .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${escaped}/?$`, 'i');
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, upstream: string): void {
  const target = new URL(incoming.url ?? '/', upstream);
  const kept = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.has(name));
  const headers = { ...Object.fromEntries(kept), host: target.host };
  const call = httpRequest(target, { method: incoming.method, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    // A service that cuts its answer short is heard, like a caller who goes away.
    pipeline(response, outgoing, () => call.destroy());
  });
  outgoing.once('close', () => call.destroy());
  call.on('error', () => {
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, 503, 'dependency.unavailable');
  });
  incoming.pipe(call);
}

function answer(outgoing: ServerResponse, status: number, code: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/problem+json' });
  outgoing.end(JSON.stringify({ type: 'about:blank', status, code }));
}

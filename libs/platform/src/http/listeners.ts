import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { BootError } from '../boot/boot-error.js';
import { refuseConnect } from './client-errors.js';
import { MAX_HEADERS } from './framing.js';

/** Header bytes of one request; more is answered 431. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 30_000;
/** A handler's own: what is refused for it still leaves within the request's limit on a busy machine. */
export const HANDLER_LIMIT_MS = 28_000;
/** How often Node looks for requests past those limits. */
const TIMEOUT_CHECK_MS = 1_000;

/** Options of both servers. */
export const SERVER_OPTIONS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  /** Node's own refusal would lack our headers and code; the pipeline asks for the Host. */
  requireHostHeader: false,
  /** Longer than what proxies and our own pools keep a connection, so that they close it first. */
  keepAliveTimeout: 72_000,
} as const;

/** The listener a request came in by; the socket decides, never a header. */
export class Listeners {
  readonly #internalSockets = new WeakSet<Socket>();

  listenerOf(request: IncomingMessage): 'public' | 'internal' {
    return this.#internalSockets.has(request.socket) ? 'internal' : 'public';
  }

  /** The second server of the application, not listening yet. */
  createInternal(
    handler: RequestListener,
    onClientError: (error: Error, socket: Socket) => void,
  ): Server {
    const server = createServer(SERVER_OPTIONS, handler);
    server.on('connection', (socket) => this.#internalSockets.add(socket));
    server.on('clientError', (error, socket) => onClientError(error, socket as Socket));
    prepareServer(server);
    return server;
  }
}

/** What options cannot say: all that Node would otherwise answer, drop or cut in its own way. */
export function prepareServer(server: Server): void {
  // One more than allowed, so that too many are seen instead of silently dropped.
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket) => refuseConnect(socket as Socket));
}

/** Starts listening; a port that is taken or forbidden is a configuration problem. */
export async function listen(
  server: Server,
  at: { readonly host: string; readonly port: number; readonly variable: string },
): Promise<string> {
  const { host, port, variable } = at;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((cause: NodeJS.ErrnoException) => {
    const reason =
      cause.code === 'EADDRINUSE' ? 'is already in use' : `cannot be opened (${cause.code})`;
    throw new BootError(`${variable}: port ${port} on ${host} ${reason}`, { cause });
  });
  const address = server.address() as AddressInfo;
  return `http://${reachable(host)}:${address.port}`;
}

/** An address one can connect to, for a host that may mean "all". */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Stops accepting, lets what is being answered finish, then cuts what is left. */
export async function drain(server: Server, timeoutMs: number): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

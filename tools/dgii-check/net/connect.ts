import { lookup } from 'node:dns/promises';
import { createConnection, isIP } from 'node:net';
import { connect as tlsConnect, type PeerCertificate } from 'node:tls';
import { errorFacts, type ErrorFacts } from '../../cli/error-facts.js';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** The host of an address as the resolver and TLS want it: IPv6 without its brackets. */
export function targetOf(origin: URL): Target {
  const fallback = origin.protocol === 'https:' ? 443 : 80;
  return {
    host: origin.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: origin.port === '' ? fallback : Number(origin.port),
  };
}

export type Resolved =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly error: ErrorFacts };

/** As the platform resolves names: by the system, its hosts file included. */
export async function resolveName(host: string): Promise<Resolved> {
  try {
    const found = await lookup(host, { all: true });
    return { ok: true, addresses: found.map(({ address }) => address) };
  } catch (error) {
    return { ok: false, error: errorFacts(error) };
  }
}

export type Connected =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly error: ErrorFacts };

export const TIMED_OUT = 'ETIMEDOUT';
const timedOut: ErrorFacts = { code: TIMED_OUT, message: 'timeout' };

/** Opens a connection and closes it again. */
export function openTcp({ host, port }: Target, timeoutMs: number): Promise<Connected> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const end = (result: Connected): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => end({ ok: false, error: timedOut }), timeoutMs);
    socket.once('connect', () => end({ ok: true, address: socket.remoteAddress ?? host }));
    socket.on('error', (error) => end({ ok: false, error: deepest(error) }));
  });
}

export interface Handshake {
  /** From the server's own up; empty when none was shown. */
  readonly chain: readonly PeerCertificate[];
  readonly protocol: string | null;
  readonly cipher: string | null;
  /** Why the connection is not trusted or did not come about; null when all is well. */
  readonly error: ErrorFacts | null;
}

export interface HandshakeOptions {
  readonly timeoutMs: number;
  /** PEM; instead of the authorities Node trusts. */
  readonly authorities?: string | undefined;
}

/**
 * Makes a TLS connection under the platform's own terms (verified, TLS 1.2 or later) and closes it.
 * The certificate is read before it is judged, so that a refused one can be described.
 */
export function shakeHands(target: Target, options: HandshakeOptions): Promise<Handshake> {
  return new Promise((resolve) => {
    let shown: Omit<Handshake, 'error'> = { chain: [], protocol: null, cipher: null };
    const socket = tlsConnect({
      ...target,
      ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
      ...(options.authorities === undefined ? {} : { ca: options.authorities }),
      minVersion: 'TLSv1.2',
      // Said in so many words: NODE_TLS_REJECT_UNAUTHORIZED=0 must not make this check blind.
      rejectUnauthorized: true,
    });
    const end = (error: ErrorFacts | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...shown, error });
    };
    const timer = setTimeout(() => end(timedOut), options.timeoutMs);
    socket.prependListener('secure', () => {
      shown = {
        chain: chainOf(socket.getPeerCertificate(true)),
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().name,
      };
    });
    socket.once('secureConnect', () => end(null));
    socket.on('error', (error) => end(deepest(error)));
    socket.once('close', () => end({ code: 'ECONNRESET', message: 'closed' }));
  });
}

const MAX_CHAIN = 10;

/** The last certificate of a chain names itself as its issuer. */
function chainOf(first: PeerCertificate): readonly PeerCertificate[] {
  const chain: PeerCertificate[] = [];
  let next: PeerCertificate | undefined = first;
  while (next?.fingerprint256 && chain.length < MAX_CHAIN) {
    const { fingerprint256 } = next;
    if (chain.some((one) => one.fingerprint256 === fingerprint256)) break;
    chain.push(next);
    next = 'issuerCertificate' in next ? (next.issuerCertificate as PeerCertificate) : undefined;
  }
  return chain;
}

/** With several addresses Node wraps one error for each; the last one tells. */
function deepest(error: Error): ErrorFacts {
  if (!('errors' in error) || !Array.isArray(error.errors)) return errorFacts(error);
  const last: unknown = error.errors.at(-1);
  return last === undefined ? errorFacts(error) : errorFacts(last);
}

import { issueCertificate, type TestAuthority } from '@getupnet/xmldsig';
import { randomBytes } from 'node:crypto';
import type { RequestListener, Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { WrongTls } from '../faults/fault.js';
import type { FaultBook } from '../faults/fault-book.js';
import type { Settings, SimulatorOptions } from '../options.js';
import type { Ledger } from '../state/ledger.js';

/** Certificate (with its chain) and key, PEM. */
export interface TlsPair {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

interface TlsParts {
  readonly options: SimulatorOptions;
  readonly settings: Settings;
  readonly authority: TestAuthority;
  readonly faults: FaultBook;
  readonly ledger: Ledger;
  readonly now: () => Date;
}

type Face = 'right' | WrongTls['certificate'];

const DAY_MS = 24 * 60 * 60 * 1000;
const YEAR_DAYS = 365;
const LEAD_DAYS = 30;
/** What Fastify sets for a listener of its own making. */
const KEEP_ALIVE_MS = 72_000;
const FOREIGN_HOST = 'otro.example';
/** No RSA certificate can serve it: the handshake ends with an alert. */
const NO_COMMON_CIPHER = 'ECDHE-ECDSA-AES128-GCM-SHA256';

/** Makes the listener that speaks TLS, and the wrong TLS that a fault asks for. */
export function tlsServer(parts: TlsParts): (handler: RequestListener) => Server {
  return (handler) => {
    const faceOf = faces(parts);
    let current: Face = 'right';
    const server = createServer({ ...faceOf(current), keepAliveTimeout: KEEP_ALIVE_MS }, handler);
    // Before TLS begins: which certificate it shows is settled with the connection.
    server.prependListener('connection', () => {
      const hit = parts.faults.connection();
      if (hit !== undefined) {
        const line = { answer: 'withheld', processed: false, fault: hit.fault.kind } as const;
        parts.ledger.note({ ...line, faultIds: [hit.id] }, parts.now());
      }
      const wanted = hit?.fault.certificate ?? 'right';
      if (wanted === current) return;
      current = wanted;
      server.setSecureContext(faceOf(wanted));
    });
    return server;
  };
}

export function speaksTls({ tls }: SimulatorOptions): boolean {
  return tls !== undefined && tls !== false;
}

const ANY_ADDRESS = ['localhost', '127.0.0.1', '::1'];

/** Names and addresses under which callers may reach the simulator. */
function hostNamesOf({ options: { host, publicUrl }, settings }: TlsParts): string[] {
  const names = [...ANY_ADDRESS, ...Object.keys(settings.hostNames)];
  if (host !== undefined) names.push(host);
  if (publicUrl !== undefined) names.push(new URL(publicUrl).hostname);
  return [...new Set(names)];
}

function faces(parts: TlsParts): (face: Face) => ServerOptions {
  const { authority, now, options } = parts;
  const hostNames = hostNamesOf(parts);
  const given = typeof options.tls === 'object' ? options.tls : undefined;
  const made = new Map<Face, ServerOptions>();
  const own = (names: readonly string[], endedDaysAgo = -YEAR_DAYS): ServerOptions => {
    const end = now().getTime() - endedDaysAgo * DAY_MS;
    const issued = issueCertificate({
      holderId: '',
      serialNumber: '',
      name: names[0] ?? '',
      password: randomBytes(16).toString('hex'),
      authority,
      hostNames: names,
      notBefore: new Date(now().getTime() - LEAD_DAYS * DAY_MS),
      notAfter: new Date(end),
    });
    return { key: issued.privateKeyPem, cert: issued.certificatePem + authority.certificatePem };
  };
  const make: Readonly<Record<Face, () => ServerOptions>> = {
    right: () =>
      given === undefined
        ? own(hostNames)
        : { key: given.privateKeyPem, cert: given.certificatePem },
    name: () => own([FOREIGN_HOST]),
    expired: () => own(hostNames, 1),
    none: () => ({ ...faceOf('right'), ciphers: NO_COMMON_CIPHER, maxVersion: 'TLSv1.2' }),
  };
  const faceOf = (face: Face): ServerOptions => {
    const options = made.get(face) ?? make[face]();
    made.set(face, options);
    return options;
  };
  return faceOf;
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newServiceKey } from '@getupnet/rbac';
import type { ReplicaSpec } from './replica.js';

/** What the services of a run are told. */
export interface ServiceSettings {
  readonly databaseUrl: string;
  readonly dgiiUrl: string;
  readonly kek: string;
  readonly signUrl: string;
  readonly dgiiClientUrl: string;
  /** Timings, and where the queues live. */
  readonly env: Readonly<Record<string, string>>;
  readonly auditEnv: Readonly<Record<string, string>>;
  /** Of each service but billing. */
  readonly replicas: number;
}

export interface ServiceKinds {
  readonly specs: readonly ReplicaSpec[];
  /** With which the run imports certificates, as the client portal would. */
  readonly keyToSign: string;
}

/** Whatever becomes of one of them, there is another one that takes over. */
const BILLING_REPLICAS = 2;

/** Same depth as an ordinary build: `<build>/tools/faults/world/services.js`. */
const BUILD = new URL('../../../', import.meta.url);

/** Kinds of processes, and whose entry they run. `audit` runs where there is one. */
export const SERVICE_KINDS = [
  { name: 'sign', app: 'sign' },
  { name: 'dgii-client', app: 'dgii-client' },
  { name: 'billing-http', app: 'billing' },
  { name: 'billing-worker', app: 'billing' },
  { name: 'audit', app: 'audit' },
] as const;

type KindName = (typeof SERVICE_KINDS)[number]['name'];

/** The compiled entry of an app of this build; null when there is no such app. */
export function entryOf(app: string): string | null {
  const path = fileURLToPath(new URL(`apps/${app}/src/main.js`, BUILD));
  return existsSync(path) ? path : null;
}

/** Every service as a kind of process of its own, a key for each pair of them. */
export function serviceKinds(
  settings: ServiceSettings,
  crashEnv: (replica: string, kind: string) => Readonly<Record<string, string>>,
): ServiceKinds {
  const keys = {
    billingToSign: newServiceKey('billing', 'sign'),
    billingToDgii: newServiceKey('billing', 'dgii-client'),
    dgiiToSign: newServiceKey('dgii-client', 'sign'),
    import: newServiceKey('client', 'sign'),
  };
  const toOthers = {
    SIGN_URL: settings.signUrl,
    SERVICE_KEY_OUT_SIGN: keys.billingToSign.out,
    DGII_CLIENT_URL: settings.dgiiClientUrl,
    SERVICE_KEY_OUT_DGII_CLIENT: keys.billingToDgii.out,
  };
  const own: Readonly<Record<KindName, Readonly<Record<string, string>>>> = {
    sign: {
      SECRETS_KEK: settings.kek,
      SERVICE_KEYS_IN: [keys.billingToSign, keys.dgiiToSign, keys.import]
        .map(({ entry }) => entry)
        .join(','),
    },
    'dgii-client': {
      DGII_BASE_URL: settings.dgiiUrl,
      SIGN_URL: settings.signUrl,
      SERVICE_KEY_OUT_SIGN: keys.dgiiToSign.out,
      SERVICE_KEYS_IN: keys.billingToDgii.entry,
      SECRETS_KEK: settings.kek,
    },
    'billing-http': { ...toOthers, ROLE: 'http' },
    'billing-worker': { ...toOthers, ROLE: 'worker' },
    audit: settings.auditEnv,
  };
  const specs = SERVICE_KINDS.flatMap(({ name: kind, app }) => {
    const entry = entryOf(app);
    if (entry === null) return [];
    const count = app === 'billing' ? BILLING_REPLICAS : settings.replicas;
    return Array.from({ length: count }, (_, at) => {
      const name = `${kind}-${at + 1}`;
      const common = { DATABASE_URL: settings.databaseUrl, ...settings.env };
      // The last door also drives what its callers wait for, without queue and outbox.
      const near = kind === 'billing-http' && at + 1 === count;
      const role = near ? { ROLE: 'both' } : {};
      const env = () => ({ ...common, ...own[kind], ...role, ...crashEnv(name, kind) });
      return { name, kind, entry, env };
    });
  });
  return { specs, keyToSign: keys.import.out };
}

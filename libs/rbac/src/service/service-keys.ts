import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { SERVICES, type ServiceName } from '@getupnet/contracts';

export const MIN_KEY_LENGTH = 32;
const KEY_BYTES = 32;

/** One version of the key with which `caller` calls `callee`, as the callee stores it. */
export interface ServiceKey {
  readonly caller: ServiceName;
  readonly callee: ServiceName;
  readonly version: string;
  readonly sha256: Buffer;
  /** Last day it is good for, `yyyy-MM-dd` (UTC); undefined: until removed. */
  readonly expiresOn: string | undefined;
}

const SERVICE = `(${SERVICES.join('|')})`;
const ENTRY = new RegExp(
  `^${SERVICE}:${SERVICE}:([\\w.-]{1,32}):([0-9a-f]{64})(?::(\\d{4}-\\d\\d-\\d\\d))?$`,
);

/** `caller:callee:version:sha256[:yyyy-MM-dd]`; undefined when the text is not one. */
export function parseServiceKey(text: string): ServiceKey | undefined {
  const [, caller, callee, version, hash, expiresOn] = ENTRY.exec(text) ?? [];
  if (caller === undefined || version === undefined || hash === undefined) return undefined;
  const sha256 = Buffer.from(hash, 'hex');
  return {
    caller: caller as ServiceName,
    callee: callee as ServiceName,
    version,
    sha256,
    expiresOn,
  };
}

/** Keys whose hash is that of `key`; every hash is compared, each in constant time. */
export function keysMatching(keys: readonly ServiceKey[], key: string): ServiceKey[] {
  const presented = createHash('sha256').update(key).digest();
  return keys.filter(({ sha256 }) => timingSafeEqual(sha256, presented));
}

/** Instant from which the key is no longer good. */
export function expiryOf({ expiresOn }: ServiceKey): number {
  if (expiresOn === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(`${expiresOn}T00:00:00Z`) + 24 * 60 * 60 * 1000;
}

/** Both halves of a new key, ready for the variables of caller and callee. */
export interface NewServiceKey {
  /** For the caller's `SERVICE_KEY_OUT_<CALLEE>`. */
  readonly out: string;
  /** For the callee's `SERVICE_KEYS_IN`. */
  readonly entry: string;
}

export function newServiceKey(
  caller: ServiceName,
  callee: ServiceName,
  version = 'v1',
): NewServiceKey {
  const key = randomBytes(KEY_BYTES).toString('hex');
  const hash = createHash('sha256').update(key).digest('hex');
  return { out: `${caller}:${key}`, entry: `${caller}:${callee}:${version}:${hash}` };
}

import { AppError } from '@getupnet/kernel';
import type { RequestContext } from '../context/request-context.js';
import { addressGroup } from '../security/client-address.js';
import { DEFAULT_TIER } from './limits-env.js';
import { Meter, type RateLimit } from './meter.js';

export interface RateLimitsOptions {
  readonly address: RateLimit;
  readonly key: RateLimit;
  readonly user: RateLimit;
  /** By tier; has {@link DEFAULT_TIER}. */
  readonly tenantTiers: ReadonlyMap<string, RateLimit>;
  /** Whether {@link CountSync} tells the counts to the other processes. */
  readonly isShared: boolean;
}

/** A person: `user:<id>`, or one of the operator's people acting for a tenant, `operator:<id>`. */
const PERSON = /^(?:user|operator):/;

/**
 * What one address, key, person and tenant may ask (LIM-1). An address is asked before anybody looks
 * at credentials, the others right after, from what the access control left in the context.
 */
export class RateLimits {
  readonly #address: Meter;
  readonly #key: Meter;
  readonly #user: Meter;
  readonly #standard: Meter;
  readonly #tenants = new Map<string, Meter>();

  constructor({ address, key, user, tenantTiers, isShared }: RateLimitsOptions) {
    this.#address = new Meter('address', address, isShared);
    this.#key = new Meter('key', key, isShared);
    this.#user = new Meter('user', user, isShared);
    for (const [tier, limit] of tenantTiers) {
      this.#tenants.set(tier, new Meter(`tenant-${tier}`, limit, isShared));
    }
    const standard = this.#tenants.get(DEFAULT_TIER);
    if (standard === undefined) throw new TypeError(`no tier ${DEFAULT_TIER}`);
    this.#standard = standard;
  }

  get meters(): readonly Meter[] {
    return [this.#address, this.#key, this.#user, ...this.#tenants.values()];
  }

  /** Throws `rate.limited` when the address has asked too much. */
  admitAddress(address: string): void {
    spend(this.#address, addressGroup(address), performance.now());
  }

  /**
   * Throws `rate.limited` when the key or person, or the tenant, has asked too much. A key is counted
   * by its id, which only the hash of the whole key leads to.
   */
  admitCaller(context: RequestContext): void {
    const nowMs = performance.now();
    for (const [meter, key] of this.#metersOf(context)) spend(meter, key, nowMs);
  }

  /**
   * Counts what a request does beyond the first thing, such as each further line of a batch. Answers
   * 0, or the seconds after which to ask again: who is paced is not refused.
   */
  paceCaller(context: RequestContext): number {
    const nowMs = performance.now();
    for (const [meter, key] of this.#metersOf(context)) {
      const waitS = meter.take(key, nowMs);
      if (waitS > 0) return waitS;
    }
    return 0;
  }

  #metersOf({ caller, tenantId, tenantTier }: RequestContext): (readonly [Meter, string])[] {
    const found: (readonly [Meter, string])[] = [];
    if (caller !== undefined) found.push([PERSON.test(caller) ? this.#user : this.#key, caller]);
    if (tenantId !== undefined) {
      const tier = tenantTier === undefined ? undefined : this.#tenants.get(tenantTier);
      found.push([tier ?? this.#standard, tenantId]);
    }
    return found;
  }
}

function spend(meter: Meter, key: string, nowMs: number): void {
  const waitS = meter.take(key, nowMs);
  if (waitS > 0) throw new AppError('rate.limited', { limit: meter.name }, { retryAfterS: waitS });
}

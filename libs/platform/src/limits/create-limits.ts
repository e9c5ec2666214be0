import type { Registry } from 'prom-client';
import type { Logger as Pino } from 'pino';
import type { EnvSpec } from '../config/env-spec.js';
import type { SecurityEvents } from '../security/security-events.js';
import { CountSync } from './count-sync.js';
import type { limitsEnv } from './limits-env.js';
import { RateLimits } from './rate-limits.js';
import { RedisCounts } from './redis-counts.js';

type LimitsValues = typeof limitsEnv extends EnvSpec<infer T> ? T : never;

export interface LimitsSurroundings {
  readonly events: SecurityEvents;
  readonly logger: Pino;
  readonly registry: Registry;
}

/** The limits of a process, and what keeps them in step with the others'. */
export function createLimits(
  env: LimitsValues,
  around: LimitsSurroundings,
): { readonly limits: RateLimits; readonly sync: CountSync } {
  const { REDIS_URL, REDIS_PREFIX } = env;
  const shared = REDIS_URL === undefined ? undefined : new RedisCounts(REDIS_URL, REDIS_PREFIX);
  const limits = new RateLimits({
    address: env.RATE_LIMIT_ADDRESS,
    key: env.RATE_LIMIT_KEY,
    user: env.RATE_LIMIT_USER,
    tenantTiers: env.RATE_LIMIT_TENANT_TIERS,
    isShared: shared !== undefined,
  });
  const sync = new CountSync({
    ...around,
    meters: limits.meters,
    shared,
    replicas: env.RATE_LIMIT_REPLICAS,
  });
  return { limits, sync };
}

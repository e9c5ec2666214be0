import { z } from 'zod';
import { defineEnv } from '../config/env-spec.js';
import type { RateLimit } from './meter.js';

const LIMIT = /^(\d{1,7}):(\d{1,7})$/;
const TIER = /^([a-z][a-z0-9_-]{0,31})=(.+)$/;

/** Whose limit holds for a tenant whose plan names no tier, or one that is not configured. */
export const DEFAULT_TIER = 'standard';

function parseLimit(text: string): RateLimit | undefined {
  const [, perSecond, burst] = LIMIT.exec(text) ?? [];
  const limit = { perSecond: Number(perSecond), burst: Number(burst) };
  return limit.perSecond >= 1 && limit.burst >= 1 ? limit : undefined;
}

const limit = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context): RateLimit => {
      const parsed = parseLimit(text);
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: 'custom', message: 'must be <requests a second>:<at once>' });
      return z.NEVER;
    });

const tiers = z
  .string()
  .default(`${DEFAULT_TIER}=2000:20000`)
  .transform((text, context): ReadonlyMap<string, RateLimit> => {
    const found = new Map<string, RateLimit>();
    for (const part of text.split(',').map((entry) => entry.trim())) {
      const [, tier = '', rest = ''] = TIER.exec(part) ?? [];
      const parsed = parseLimit(rest);
      if (parsed !== undefined) found.set(tier, parsed);
      else context.addIssue({ code: 'custom', message: 'must be <tier>=<a second>:<at once>,…' });
    }
    if (!found.has(DEFAULT_TIER)) {
      context.addIssue({ code: 'custom', message: `must have a tier ${DEFAULT_TIER}` });
    }
    return found;
  });

/** Where Redis is and what our keys in it begin with; the queues read them too. */
export const redisVariables = {
  REDIS_URL: z
    .string()
    .refine((text) => /^rediss?:\/\//.test(text) && URL.canParse(text), {
      error: 'must be a redis:// or rediss:// URL',
    })
    .optional()
    .describe(
      'Redis for the queues and for counting requests; without it the queues live in PostgreSQL ' +
        '(role queue) and each process counts for itself',
    )
    .meta({ secret: true }),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default('getupnet')
    .describe('What every Redis key of this installation begins with'),
};

/** How much anybody may ask. */
export const limitsEnv = defineEnv('limits', {
  RATE_LIMIT_ADDRESS: limit('5000:20000').describe(
    'Requests one client address may make, as <a second>:<at once>',
  ),
  RATE_LIMIT_KEY: limit('2000:20000').describe(
    'Requests one API key may make, as <a second>:<at once>',
  ),
  RATE_LIMIT_USER: limit('100:2000').describe(
    'Requests one person may make, as <a second>:<at once>',
  ),
  RATE_LIMIT_TENANT_TIERS: tiers.describe(
    'Requests one tenant may make, by the tier of its plan: <tier>=<a second>:<at once>, comma separated',
  ),
  RATE_LIMIT_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe(
      'Processes that share the limits; without Redis, or while it is away, each gets its part',
    ),
  ...redisVariables,
});

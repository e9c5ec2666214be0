import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

/** Where jobs travel. */
export const queuesEnv = defineEnv('queues', {
  REDIS_URL: z
    .string()
    .refine((text) => /^rediss?:\/\//.test(text) && URL.canParse(text), {
      error: 'must be a redis:// or rediss:// URL',
    })
    .optional()
    .describe('Redis for the queues; without it they live in PostgreSQL (role queue)')
    .meta({ secret: true }),
  REDIS_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/)
    .default('getupnet')
    .describe('What every Redis key of this installation begins with'),
});

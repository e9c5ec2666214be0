import { z } from 'zod';
import { defineEnv, type EnvSpec } from '../config/env-spec.js';
import { limitsEnv } from '../limits/limits-env.js';
import { LOG_LEVELS } from '../logging/logger.js';
import { isAddressRange } from '../security/client-address.js';
import { ROLES } from './service-definition.js';

const port = () => z.coerce.number().int().min(0).max(65_535);

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  );

const addressRanges = list.refine(
  (ranges) => ranges.every(isAddressRange),
  'must be addresses or CIDR ranges such as 10.0.0.0/8',
);

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** Variables every process reads. */
export const platformEnv = defineEnv('platform', {
  ROLE: z.enum(ROLES).default('both').describe('What this process mounts'),
  HOST: z.string().default('127.0.0.1').describe('Address of the public listener'),
  PORT: port().default(8080).describe('Port of the public listener; 0 picks a free one'),
  INTERNAL_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address of the internal listener; never one the outside can reach'),
  INTERNAL_PORT: port().default(8081).describe('Port of the internal listener; 0 picks a free one'),
  CORS_ORIGINS: list
    .refine((origins) => origins.every(isOrigin), 'must be origins such as https://app.example')
    .describe('Origins whose pages may call the public listener, comma separated'),
  PUBLIC_HOSTS: list.describe(
    'Host names the public listener answers to, comma separated; none: any',
  ),
  TRUSTED_PROXIES: addressRanges.describe(
    'Addresses or CIDR ranges, comma separated, whose X-Forwarded-For is believed',
  ),
  ADMIN_ADDRESSES: addressRanges.describe(
    "Addresses or CIDR ranges, comma separated, that may call the operator's routes on the public " +
      'listener; none: any',
  ),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe('Least serious log line written'),
  SHUTDOWN_DELAY_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('How long /readyz says no before the listeners stop accepting'),
});

/** What every process reads, whatever its services. */
export const platformSpecs: readonly EnvSpec[] = [platformEnv, limitsEnv];

import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

const count = (fallback: number, most: number, what: string) =>
  z.coerce.number().int().min(1).max(most).default(fallback).describe(what);

/** What the operator decides about logins. */
export const authEnv = defineEnv('auth', {
  AUTH_PASSWORD_SLOTS: count(
    2,
    16,
    'Passwords hashed at once, 64 MiB each; never more than cores, at most half of UV_THREADPOOL_SIZE',
  ),
  AUTH_PASSWORD_QUEUE: count(64, 1_000, 'Passwords that wait for a slot; more are answered 429'),
  AUTH_ADDRESS_FAILURES: count(50, 10_000, 'Failed logins of one address in 15 minutes'),
  AUTH_TOTP_WINDOW: z.coerce
    .number()
    .int()
    .min(0)
    .max(2)
    .default(1)
    .describe('Steps of 30 seconds before and after the current one whose codes are taken'),
  AUTH_TOTP_ISSUER: z
    .string()
    .regex(/^[^:]{1,40}$/)
    .default('GetUpNet e-CF')
    .describe('Name of this installation in authenticator apps'),
  AUTH_APP_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the web application, for the links in messages'),
});

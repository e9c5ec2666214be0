import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

const connection = (whose: string) =>
  z
    .string()
    .refine((text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text), {
      error: 'must be a postgresql:// URL',
    })
    .optional()
    .describe(whose)
    .meta({ secret: true });

const override = (role: string) =>
  connection(`Connection of role ${role}, instead of the derived one`);

const size = (fallback: number, role: string) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(fallback)
    .describe(`Most connections of role ${role} in this process`);

const timeout = (fallback: number, what: string) =>
  z.coerce.number().int().min(100).max(600_000).default(fallback).describe(what);

/** Connections of a process; the sizes of all roles in one process stay below 100 by default. */
export const persistenceEnv = defineEnv('database', {
  DATABASE_URL: connection('Connection of the owner, from which the roles’ are derived'),
  DATABASE_URL_APP: override('app'),
  DATABASE_URL_BATCH: override('batch'),
  DATABASE_URL_IDENTITY: override('identity'),
  DATABASE_URL_RELAY: override('relay'),
  DATABASE_URL_SIGNER: override('signer'),
  DATABASE_URL_AUDIT_APPEND: override('audit_append'),
  DATABASE_URL_PLATFORM_READ: override('platform_read'),
  DATABASE_URL_QUEUE: override('queue'),
  DATABASE_POOL_APP: size(12, 'app'),
  DATABASE_POOL_BATCH: size(6, 'batch'),
  DATABASE_POOL_IDENTITY: size(4, 'identity'),
  DATABASE_POOL_RELAY: size(4, 'relay'),
  DATABASE_POOL_SIGNER: size(6, 'signer'),
  DATABASE_POOL_AUDIT_APPEND: size(2, 'audit_append'),
  DATABASE_POOL_PLATFORM_READ: size(3, 'platform_read'),
  DATABASE_POOL_QUEUE: size(24, 'queue'),
  DATABASE_CONNECT_TIMEOUT_MS: timeout(5_000, 'Longest wait for a connection'),
  DATABASE_STATEMENT_TIMEOUT_MS: timeout(10_000, 'Longest time of one statement'),
});

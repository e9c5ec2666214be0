import { z } from 'zod';
import { PLATFORM_PERMISSIONS, TENANT_PERMISSIONS } from '../permissions.js';

export const AUTH_ROUTES = {
  login: '/auth/login',
  verify: '/auth/mfa/verify',
  enroll: '/auth/mfa/enroll',
  renewMfa: '/auth/mfa/renew',
  passwordForgot: '/auth/password/forgot',
  passwordReset: '/auth/password/reset',
  passwordChange: '/auth/password/change',
  refresh: '/auth/refresh',
  logout: '/auth/logout',
  me: '/auth/me',
  sessions: '/auth/sessions',
  session: '/auth/sessions/:id',
  jwks: '/auth/jwks',
} as const;

/** Where a refresh token travels: to programs in the body, to browsers in a cookie scripts cannot read. */
export const TOKEN_TRANSPORTS = ['body', 'cookie'] as const;
export type TokenTransport = (typeof TOKEN_TRANSPORTS)[number];
export const tokenTransportSchema = z
  .enum(TOKEN_TRANSPORTS)
  .default('body')
  .describe('cookie: para navegadores; el token de renovación va en una cookie HttpOnly.');

/** Shape of the refresh tokens of this installation. */
export const REFRESH_TOKEN = /^rt_[A-Za-z0-9_-]{43}$/;

export const refreshRequestSchema = z.strictObject({
  refreshToken: z
    .string()
    .regex(REFRESH_TOKEN)
    .optional()
    .describe('Sin él se usa la cookie, y entonces X-CSRF-Token es obligatorio.'),
});
export type RefreshRequest = z.infer<typeof refreshRequestSchema>;

/** A session's tokens, as login and refresh answer them. */
export const sessionTokensSchema = z.strictObject({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresIn: z.number().int().describe('Segundos de vida del accessToken.'),
  refreshToken: z.string().optional().describe('Falta cuando viaja en la cookie.'),
  sessionExpiresAt: z.iso.datetime(),
});
export type SessionTokens = z.infer<typeof sessionTokensSchema>;

export const sessionParamsSchema = z.strictObject({ id: z.uuid() });
export type SessionParams = z.infer<typeof sessionParamsSchema>;

export const sessionSchema = z.strictObject({
  id: z.uuid(),
  current: z.boolean(),
  tenantId: z.uuid().nullable(),
  client: z.string(),
  address: z.string(),
  createdAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type SessionView = z.infer<typeof sessionSchema>;

export const sessionListSchema = z.strictObject({ data: z.array(sessionSchema) });

export const meSchema = z.strictObject({
  userId: z.uuid(),
  name: z.string(),
  sessionId: z.uuid(),
  tenantId: z.uuid().nullable(),
  permissions: z.array(z.enum([...PLATFORM_PERMISSIONS, ...TENANT_PERMISSIONS])),
  impersonationReason: z.string().nullable(),
});
export type Me = z.infer<typeof meSchema>;

/** RFC 7517. */
export const jwksSchema = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: z.string(),
      y: z.string(),
      kid: z.string(),
      alg: z.literal('ES256'),
      use: z.literal('sig'),
    }),
  ),
});
export type Jwks = z.infer<typeof jwksSchema>;

import { AppError, Clock, isUuid } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { z } from 'zod';
import { ACCESS_TOKEN, CLOCK_LEEWAY_S } from './access-token.js';
import { TokenKeys } from './token-keys.js';

/** Whose token it is. */
export interface AccessTokenClaims {
  readonly userId: string;
  readonly sessionId: string;
}

const headerSchema = z.object({
  alg: z.literal(ACCESS_TOKEN.algorithm),
  typ: z.literal(ACCESS_TOKEN.type),
  kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
});

const claimsSchema = z.object({
  sub: z.string().refine(isUuid),
  sid: z.string().refine(isUuid),
  iat: z.number(),
  exp: z.number(),
});

/**
 * Checks access tokens. Of the header only algorithm, type and kid are looked at, and only against what
 * is ours: a `jwk`, `jku` or `x5u` that a token brings along is never used.
 */
@Injectable()
export class AccessTokenVerifier {
  readonly #jwt = new JwtService();

  constructor(
    private readonly keys: TokenKeys,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `auth.token_expired` or `auth.token_invalid`. */
  async verify(token: string): Promise<AccessTokenClaims> {
    const header = headerSchema.safeParse(headerOf(token));
    const key = header.success ? await this.keys.find(header.data.kid) : undefined;
    if (key === undefined) throw new AppError('auth.token_invalid');
    const claims = claimsSchema.safeParse(
      this.#open(token, key.export({ type: 'spki', format: 'pem' })),
    );
    if (!claims.success) throw new AppError('auth.token_invalid');
    const { sub, sid, iat, exp } = claims.data;
    // Nobody but us signs, and we give none a longer life.
    if (exp - iat > ACCESS_TOKEN.lifetimeS) throw new AppError('auth.token_invalid');
    return { userId: sub, sessionId: sid };
  }

  #open(token: string, publicKey: string | Buffer): unknown {
    try {
      return this.#jwt.verify<Record<string, unknown>>(token, {
        publicKey,
        algorithms: [ACCESS_TOKEN.algorithm],
        issuer: ACCESS_TOKEN.issuer,
        audience: ACCESS_TOKEN.audience,
        clockTolerance: CLOCK_LEEWAY_S,
        clockTimestamp: Math.floor(this.clock.now().getTime() / 1000),
      });
    } catch (cause) {
      const isExpired = cause instanceof Error && cause.name === 'TokenExpiredError';
      throw new AppError(isExpired ? 'auth.token_expired' : 'auth.token_invalid', {}, { cause });
    }
  }
}

function headerOf(token: string): unknown {
  try {
    return JSON.parse(
      Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'),
    );
  } catch {
    // Not JSON: no header of ours.
    return undefined;
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { REFRESH_TOKEN, type SessionTokens, type TokenTransport } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { HttpReply, HttpRequest } from '@getupnet/platform';
import type { ClientFacts, OpenSession } from './sessions.js';

/** `__Secure-`: a browser takes it over HTTPS only, and from nobody but us. */
const REFRESH_COOKIE = '__Secure-getupnet-refresh';
/** Readable by our own pages, which send it back in X-CSRF-Token. */
const CSRF_COOKIE = 'getupnet-csrf';
const PATH = '/auth';
const MAX_CLIENT = 200;

/** Where a request comes from; a session's refresh token is bound to it for its moment of grace. */
export function clientOf(request: HttpRequest): ClientFacts {
  const client = request.headers['user-agent'] ?? '';
  return { client: client.slice(0, MAX_CLIENT), address: request.ctx.remote ?? request.ip };
}

/** AUT-6: to a browser the refresh token goes in a cookie that no script can read. */
export function answerTokens(
  session: OpenSession,
  transport: TokenTransport,
  reply: HttpReply,
): SessionTokens {
  const { accessToken, expiresIn, refreshToken } = session;
  const sessionExpiresAt = session.sessionExpiresAt.toISOString();
  const tokens = { accessToken, tokenType: 'Bearer', expiresIn, sessionExpiresAt } as const;
  if (transport === 'body') return { ...tokens, refreshToken };
  const expires = `; Expires=${session.sessionExpiresAt.toUTCString()}`;
  setCookies(reply, refreshToken, csrfOf(refreshToken), expires);
  return tokens;
}

/** The refresh token of a request: stated, or the cookie's with its proof that our page sent it. */
export function presentedToken(
  stated: string | undefined,
  request: HttpRequest,
): { readonly token: string; readonly transport: TokenTransport } {
  if (stated !== undefined) return { token: stated, transport: 'body' };
  const token = cookieOf(request, REFRESH_COOKIE);
  if (token === undefined || !REFRESH_TOKEN.test(token)) throw new AppError('auth.token_missing');
  const proof = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const wanted = Buffer.from(csrfOf(token));
  if (proof.length !== wanted.length || !timingSafeEqual(proof, wanted)) {
    throw new AppError('csrf.failed');
  }
  return { token, transport: 'cookie' };
}

export function clearCookies(reply: HttpReply): void {
  setCookies(reply, '', '', '; Max-Age=0');
}

function setCookies(reply: HttpReply, refresh: string, csrf: string, life: string): void {
  const common = `; Path=${PATH}; Secure; SameSite=Strict${life}`;
  void reply.header('set-cookie', [
    `${REFRESH_COOKIE}=${refresh}; HttpOnly${common}`,
    `${CSRF_COOKIE}=${csrf}; Path=/; Secure; SameSite=Strict${life}`,
  ]);
}

/** Follows from the token, so that nothing more needs to be stored; says nothing about it. */
function csrfOf(refreshToken: string): string {
  return createHash('sha256').update(`csrf:${refreshToken}`).digest('base64url');
}

function cookieOf(request: HttpRequest, name: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

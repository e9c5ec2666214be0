import type { FastifyRequest } from 'fastify';

const NAME = 'getupnet-ops';
/** Where the cookie is sent; nothing else takes it. */
const PATHS = ['/docs', '/queues'];
/** As long as an access token lives at most. */
const MAX_AGE_S = 15 * 60;
const TOKEN = /^[A-Za-z0-9._-]{16,8192}$/;

/** Whether a text could be an access token: only characters that a cookie can carry. */
export function isTokenShaped(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * `Set-Cookie` lines that let a browser show the operations pages. The cookie is the access token
 * itself: each request with it is checked as any other, so it ends with its session.
 */
export function opsCookies(token: string, isSecure: boolean): string[] {
  return cookies(`${NAME}=${token}`, MAX_AGE_S, isSecure);
}

export function noOpsCookies(isSecure: boolean): string[] {
  return cookies(`${NAME}=`, 0, isSecure);
}

/** Puts the cookie's token where access controls look; a stated credential comes first. */
export function takeOpsCookie({ headers }: FastifyRequest): void {
  if (headers.authorization !== undefined) return;
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, token = ''] = part.trim().split('=', 2);
    if (name !== NAME || !isTokenShaped(token)) continue;
    headers.authorization = `Bearer ${token}`;
    return;
  }
}

function cookies(pair: string, maxAgeS: number, isSecure: boolean): string[] {
  const flags = `Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return PATHS.map((path) => `${pair}; Path=${path}; ${flags}`);
}

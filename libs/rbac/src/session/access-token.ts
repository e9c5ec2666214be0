/** What every access token of this installation says of itself (ADR 7). */
export const ACCESS_TOKEN = {
  algorithm: 'ES256',
  /** RFC 9068: an access token is never taken for another kind of JWT, nor the other way round. */
  type: 'at+jwt',
  issuer: 'getupnet-ecf',
  audience: 'getupnet-ecf-api',
  lifetimeS: 15 * 60,
} as const;

/** Clocks of two machines may differ by this much. */
export const CLOCK_LEEWAY_S = 60;

const SHAPE = /^[A-Za-z0-9_-]{1,1024}\.[A-Za-z0-9_-]{1,4096}\.[A-Za-z0-9_-]{86}$/;

/** Whether a bearer could be an access token: three parts, the last one an ES256 signature. */
export function isAccessTokenShaped(text: string): boolean {
  return SHAPE.test(text);
}

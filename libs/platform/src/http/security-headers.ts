/** On every answer, errors included. A handler may state its own Cache-Control or policy. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  // The filter of old browsers could itself be abused; 0 turns it off.
  'x-xss-protection': '0',
  'cache-control': 'no-store',
};

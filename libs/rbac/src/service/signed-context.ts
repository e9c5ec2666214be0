import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import { z } from 'zod';

export const CONTEXT_HEADER = 'x-service-context';
/** A context is good for the call it was made for, not for later. */
export const CONTEXT_TTL_MS = 30_000;
const MAX_TTL_MS = 60_000;
const MAX_HEADER_LENGTH = 4_096;

const claimsSchema = z.strictObject({
  /** Whose data the call is about; none for calls about no tenant. */
  tenantId: z.uuid().nullable(),
  /** Why, for the callee's journal: `sign.ecf`. */
  purpose: z.string().min(1).max(64),
  traceId: z.string().min(8).max(64),
  documentId: z.uuid().optional(),
  /** Who asked in the first place: `api-key:<id>`, `user:<id>`, `job:<id>`. */
  actor: z.string().max(128).optional(),
  /** The permission under which they asked. */
  permission: z.string().max(64).optional(),
  bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since 1970 after which it is worthless. */
  exp: z.number().int(),
});

/** What a caller asserts about one call, bound to its body. */
export type ContextClaims = z.infer<typeof claimsSchema>;

/** Header value: base64url of the claims' JSON, a dot, base64url of its HMAC under the pair's key. */
export function signContext(claims: ContextClaims, key: string): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${mac(payload, key).toString('base64url')}`;
}

/**
 * The claims of a header, once its HMAC is right and its time is not over. The key is the one the
 * caller presented and whose hash was checked: the callee stores hashes only.
 */
export function openContext(header: unknown, key: string, nowMs: number): ContextClaims {
  if (typeof header !== 'string' || header.length > MAX_HEADER_LENGTH) throw invalid();
  const [payload = '', signature = '', ...more] = header.split('.');
  const presented = Buffer.from(signature, 'base64url');
  const expected = mac(payload, key);
  if (more.length > 0 || presented.length !== expected.length) throw invalid();
  if (!timingSafeEqual(presented, expected)) throw invalid();
  const claims = claimsSchema.safeParse(parse(payload));
  if (!claims.success) throw invalid();
  if (claims.data.exp <= nowMs) throw new AppError('auth.token_expired');
  if (claims.data.exp > nowMs + MAX_TTL_MS) throw invalid();
  return claims.data;
}

const mac = (payload: string, key: string): Buffer =>
  createHmac('sha256', key).update(payload).digest();

const invalid = (): AppError => new AppError('auth.token_invalid');

function parse(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    // Signed by a key holder, yet not JSON: refused like any other malformed context.
    return undefined;
  }
}

import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new secret that only its holder knows: prefix and 32 random bytes. */
export function newOpaqueToken(prefix: string): string {
  return `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** What the database keeps of it; 256 random bits need no slow hash. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

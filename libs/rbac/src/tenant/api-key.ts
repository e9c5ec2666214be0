import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'gk_';
const SECRET_BYTES = 32;
const SHAPE = /^gk_[0-9a-f]{64}$/;
/** Enough to tell keys apart in a list, far too little to guess one. */
const SHOWN_CHARACTERS = PREFIX.length + 6;

export interface NewApiKey {
  /** The whole key; shown once, stored nowhere. */
  readonly key: string;
  /** What is stored to recognise it: {@link hashApiKey}. */
  readonly hash: string;
  /** Its first characters, to tell it from others. */
  readonly prefix: string;
}

/** A new API key: `gk_` and 32 random bytes in hex. */
export function newApiKey(): NewApiKey {
  const key = PREFIX + randomBytes(SECRET_BYTES).toString('hex');
  return { key, hash: hashApiKey(key), prefix: key.slice(0, SHOWN_CHARACTERS) };
}

/** Hex SHA-256 of the whole key; a key has 256 random bits, so a slow hash would add nothing. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

export function isApiKeyShaped(text: string): boolean {
  return SHAPE.test(text);
}

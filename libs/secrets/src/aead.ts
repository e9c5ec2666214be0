import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed value cannot be opened: wrong place, wrong key, or altered. Never says more. */
export class SealError extends Error {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.name = 'SealError';
  }
}

/** IV, ciphertext and tag in one buffer. A fresh random IV is safe: no key seals 2³² messages. */
export function encrypt(key: Uint8Array, plain: Uint8Array, aad: Uint8Array): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what {@link encrypt} made; throws {@link SealError} otherwise. */
export function decrypt(key: Uint8Array, sealed: Buffer, aad: Uint8Array): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new SealError('sealed value is too short');
  const end = sealed.length - TAG_BYTES;
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(end));
  const body = decipher.update(sealed.subarray(IV_BYTES, end));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch (error) {
    throw new SealError('sealed value does not open here', { cause: error });
  }
}

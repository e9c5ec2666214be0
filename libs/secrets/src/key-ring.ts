import { createHash } from 'node:crypto';
import { KEY_BYTES, SealError, decrypt, encrypt } from './aead.js';
import { KekProvider, type WrappedKey } from './kek-provider.js';

/**
 * Key-encryption keys in this process's memory: the current one wraps, all of them unwrap. A key's
 * version is derived from the key, so that nobody has to number keys by hand.
 */
export class KeyRing extends KekProvider {
  readonly #keys = new Map<string, Buffer>();
  readonly #current: string;

  private constructor(current: Buffer, previous: readonly Buffer[]) {
    super();
    for (const key of [...previous, current]) this.#keys.set(versionOf(key), key);
    this.#current = versionOf(current);
  }

  /** From base64 texts of 32 bytes each. Throws RangeError when one is not. */
  static of(current: string, previous: readonly string[] = []): KeyRing {
    return new KeyRing(keyOf(current), previous.map(keyOf));
  }

  override currentVersion(): string {
    return this.#current;
  }

  override wrap(dataKey: Buffer, context: string): Promise<WrappedKey> {
    const version = this.#current;
    const wrapped = encrypt(this.key(version), dataKey, wrapAad(version, context));
    return Promise.resolve({ version, wrapped });
  }

  override unwrap({ version, wrapped }: WrappedKey, context: string): Promise<Buffer> {
    return new Promise((resolve) => {
      resolve(decrypt(this.key(version), wrapped, wrapAad(version, context)));
    });
  }

  private key(version: string): Buffer {
    const key = this.#keys.get(version);
    if (key === undefined) throw new SealError(`no key-encryption key of version ${version}`);
    return key;
  }
}

/** Whether a text is a key: base64 of 32 bytes. */
export function isKeyText(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === KEY_BYTES;
}

function keyOf(text: string): Buffer {
  const trimmed = text.trim();
  if (!isKeyText(trimmed)) throw new RangeError('a key-encryption key is base64 of 32 bytes');
  return Buffer.from(trimmed, 'base64');
}

/** Twelve hex digits of a hash say which key it is and nothing about it. */
function versionOf(key: Buffer): string {
  const hash = createHash('sha256').update('getupnet kek version').update(key);
  return hash.digest('hex').slice(0, 12);
}

function wrapAad(version: string, context: string): Buffer {
  return Buffer.from(JSON.stringify([version, context]), 'utf8');
}

import { randomBytes } from 'node:crypto';
import { canonicalJson } from '@getupnet/kernel';
import { KEY_BYTES, SealError, decrypt, encrypt } from './aead.js';
import type { KekProvider, WrappedKey } from './kek-provider.js';

/** Where a sealed value belongs; it opens nowhere else. */
export interface SealedPlace {
  readonly tenantId: string;
  /** What it is for, such as `certificate` or `dgii-token`. */
  readonly purpose: string;
  /** Id of the row that holds it. */
  readonly id: string;
}

const FORMAT = 'e1';

interface Envelope {
  readonly key: WrappedKey;
  readonly body: string;
}

/**
 * Envelope encryption: each value under a data key of its own, the data key under the KEK. Tenant,
 * purpose and row are authenticated with both, the KEK's version with the data key, so that a value
 * copied to another row does not open and a new KEK needs no second encryption of the value.
 */
export class Sealer {
  constructor(private readonly kek: KekProvider) {}

  /** Text for the row: format, KEK version, wrapped data key, ciphertext. */
  async seal(plain: Uint8Array, place: SealedPlace): Promise<string> {
    const dataKey = randomBytes(KEY_BYTES);
    try {
      const body = encrypt(dataKey, plain, bodyAad(place)).toString('base64url');
      return write({ key: await this.kek.wrap(dataKey, contextOf(place)), body });
    } finally {
      dataKey.fill(0);
    }
  }

  /** The value again. Throws SealError anywhere but in its place. */
  async open(sealed: string, place: SealedPlace): Promise<Buffer> {
    const { key, body } = read(sealed);
    const dataKey = await this.kek.unwrap(key, contextOf(place));
    try {
      return decrypt(dataKey, Buffer.from(body, 'base64url'), bodyAad(place));
    } finally {
      dataKey.fill(0);
    }
  }

  /** Whether the value is under an older KEK. */
  needsRewrap(sealed: string): boolean {
    return read(sealed).key.version !== this.kek.currentVersion();
  }

  /** The same ciphertext with its data key under the current KEK; the value is not opened. */
  async rewrap(sealed: string, place: SealedPlace): Promise<string> {
    const { key, body } = read(sealed);
    const dataKey = await this.kek.unwrap(key, contextOf(place));
    try {
      return write({ key: await this.kek.wrap(dataKey, contextOf(place)), body });
    } finally {
      dataKey.fill(0);
    }
  }
}

/** Whether a text is one of a {@link Sealer}'s. */
export function isSealed(text: string): boolean {
  return text.startsWith(`${FORMAT}.`);
}

function contextOf({ tenantId, purpose, id }: SealedPlace): string {
  return canonicalJson([FORMAT, tenantId, purpose, id]);
}

function bodyAad(place: SealedPlace): Buffer {
  return Buffer.from(contextOf(place), 'utf8');
}

function write({ key, body }: Envelope): string {
  return [FORMAT, key.version, key.wrapped.toString('base64url'), body].join('.');
}

function read(sealed: string): Envelope {
  const [format, version, wrapped, body, ...rest] = sealed.split('.');
  const complete = version !== undefined && wrapped !== undefined && body !== undefined;
  if (format !== FORMAT || !complete || rest.length > 0) {
    throw new SealError('not a sealed value of this format');
  }
  return { key: { version, wrapped: Buffer.from(wrapped, 'base64url') }, body };
}

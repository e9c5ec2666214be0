import { createDecipheriv, createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { child, children, integerOf, isInteger, octetsOf, oidOf, type Asn1 } from './asn1.js';

// Node's own hashing: forge's takes ten times as long, and how many rounds there are is the file's
// choice.

const MAC_HASHES: ReadonlyMap<string, { readonly name: string; readonly block: number }> = new Map([
  ['1.3.14.3.2.26', { name: 'sha1', block: 64 }],
  ['2.16.840.1.101.3.4.2.1', { name: 'sha256', block: 64 }],
  ['2.16.840.1.101.3.4.2.2', { name: 'sha384', block: 128 }],
  ['2.16.840.1.101.3.4.2.3', { name: 'sha512', block: 128 }],
]);

const PRF_HASHES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

const CIPHERS: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
]);

const PBKDF2 = '1.2.840.113549.1.5.12';

export interface MacOptions {
  /** OID of the hash. */
  readonly digest: string;
  readonly salt: Buffer;
  readonly rounds: number;
  readonly password: string;
}

/** MAC of a PKCS#12 file's contents (RFC 7292, §4 and appendix B); null for an unknown hash. */
export function p12Mac(contents: Buffer, options: MacOptions): Buffer | null {
  const hash = MAC_HASHES.get(options.digest);
  if (hash === undefined) return null;
  const { name, block } = hash;
  const password = Buffer.from(`${options.password}\0`, 'utf16le').swap16();
  // One output of the hash is all the key a MAC needs, so the second half of the scheme never runs.
  let key: Buffer = Buffer.concat([
    Buffer.alloc(block, 3),
    filled(options.salt, block),
    filled(password, block),
  ]);
  for (let round = 0; round < options.rounds; round += 1) {
    key = createHash(name).update(key).digest();
  }
  return createHmac(name, key).update(contents).digest();
}

/** Repeated to the next multiple of the block. */
function filled(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/**
 * Decrypts PBES2 contents (RFC 8018, §6.2): PBKDF2 with AES or 3DES in CBC. Null when the password is
 * wrong or the scheme another.
 */
export function decryptPbes2(
  parameters: Asn1 | undefined,
  ciphertext: Buffer,
  password: string,
): Buffer | null {
  const [derivation, encryption] = children(parameters);
  const cipher = CIPHERS.get(oidOf(child(encryption, 0)));
  if (oidOf(child(derivation, 0)) !== PBKDF2 || cipher === undefined) return null;
  const [salt, rounds, ...others] = children(child(derivation, 1));
  if (rounds === undefined) return null;
  const prf = others.find((node) => !isInteger(node));
  const hash = prf === undefined ? 'sha1' : PRF_HASHES.get(oidOf(child(prf, 0)));
  if (hash === undefined) return null;
  const iv = Buffer.from(octetsOf(child(encryption, 1)), 'latin1');
  const saltBytes = Buffer.from(octetsOf(salt), 'latin1');
  const key = pbkdf2Sync(
    Buffer.from(password, 'latin1'),
    saltBytes,
    integerOf(rounds),
    cipher.keyBytes,
    hash,
  );
  if (ciphertext.length % iv.length !== 0) return null;
  const decipher = createDecipheriv(cipher.name, key, iv).setAutoPadding(false);
  return unpadded(Buffer.concat([decipher.update(ciphertext), decipher.final()]), iv.length);
}

/** Without the padding of RFC 8018, §6.1.1; null when it is none, nearly always for the password. */
function unpadded(plain: Buffer, block: number): Buffer | null {
  const count = plain.at(-1) ?? 0;
  const end = plain.length - count;
  const isPadding = count >= 1 && count <= block && plain.subarray(end).every((b) => b === count);
  return isPadding ? plain.subarray(0, end) : null;
}

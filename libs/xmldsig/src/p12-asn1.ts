import { timingSafeEqual } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import forge from 'node-forge';
import {
  child,
  children,
  fromDer,
  integerOf,
  isInteger,
  octetsOf,
  oidOf,
  type Asn1,
} from './asn1.js';
import { decryptPbes2, p12Mac } from './p12-derivation.js';

/** PKCS#12 contents as DER: PKCS#8 keys and X.509 certificates. */
export interface P12Parts {
  readonly keys: readonly Buffer[];
  readonly certificates: readonly Buffer[];
}

/**
 * What key derivation costs is the file's own choice: the sum over the file is bounded so that an
 * import stays below one second. Usual files need 2,048 to 10,000 a part, those of
 * older Java 200,000 together.
 */
const MAX_ITERATIONS = 250_000;
const MAX_BAGS = 40;

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  x509Certificate: '1.2.840.113549.1.9.22.1',
} as const;

/** The P12 cannot be used; `reason` is Spanish and completes the problem's text. */
export function unusable(reason: string, cause?: unknown): AppError {
  return new AppError('cert.invalid', { reason }, cause === undefined ? {} : { cause });
}

/** Reads every key and certificate of a PKCS#12 file (RFC 7292). Throws `cert.invalid`. */
export function decodeP12(bytes: Uint8Array, password: string): P12Parts {
  const reader = new P12Reader(password);
  try {
    return reader.read(Buffer.from(bytes).toString('latin1'));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unusable('no es un archivo P12 legible', error);
  }
}

class P12Reader {
  private readonly keys: Buffer[] = [];
  private readonly certificates: Buffer[] = [];
  private iterationsLeft = MAX_ITERATIONS;
  private bagsLeft = MAX_BAGS;

  constructor(private readonly password: string) {}

  read(bytes: string): P12Parts {
    const pfx = fromDer(bytes);
    const authSafe = child(pfx, 1);
    if (oidOf(child(authSafe, 0)) !== OID.data) {
      throw unusable('está protegido con clave pública, no con contraseña');
    }
    const contents = octetsOf(child(child(authSafe, 1), 0));
    this.checkMac(children(pfx)[2], contents);
    for (const info of children(fromDer(contents))) this.readBags(this.safeContents(info));
    return { keys: this.keys, certificates: this.certificates };
  }

  /** The MAC tells a wrong password from a damaged key (RFC 7292, §5.1). */
  private checkMac(macData: Asn1 | undefined, contents: string): void {
    if (macData === undefined) return;
    const [digestInfo, salt, rounds] = children(macData);
    const expected = Buffer.from(octetsOf(child(digestInfo, 1)), 'latin1');
    const count = rounds === undefined ? 1 : integerOf(rounds);
    this.spend(count);
    const actual = p12Mac(Buffer.from(contents, 'latin1'), {
      digest: oidOf(child(child(digestInfo, 0), 0)),
      salt: Buffer.from(octetsOf(salt), 'latin1'),
      rounds: count,
      password: this.password,
    });
    if (actual === null) throw unusable('usa un control de integridad no admitido');
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
      throw unusable('la contraseña no es correcta o el archivo está dañado');
    }
  }

  private safeContents(info: Asn1): Asn1 {
    const type = oidOf(child(info, 0));
    const content = child(child(info, 1), 0);
    if (type === OID.data) return fromDer(octetsOf(content));
    if (type !== OID.encryptedData) throw unusable('contiene una sección no admitida');
    const [, algorithm, encrypted] = children(child(content, 1));
    return this.decrypt(algorithm, octetsOf(encrypted));
  }

  private readBags(safe: Asn1): void {
    for (const bag of children(safe)) {
      this.bagsLeft -= 1;
      if (this.bagsLeft < 0) throw unusable('contiene demasiados elementos');
      const value = child(child(bag, 1), 0);
      const type = oidOf(child(bag, 0));
      if (type === OID.keyBag) this.keys.push(encodeDer(value));
      else if (type === OID.shroudedKeyBag) {
        const key = this.decrypt(child(value, 0), octetsOf(child(value, 1)));
        this.keys.push(encodeDer(key));
      } else if (type === OID.certBag && oidOf(child(value, 0)) === OID.x509Certificate) {
        this.certificates.push(Buffer.from(octetsOf(child(child(value, 1), 0)), 'latin1'));
      }
    }
  }

  private decrypt(algorithm: Asn1 | undefined, ciphertext: string): Asn1 {
    if (algorithm === undefined) throw unusable('no es un archivo P12 legible');
    const parameters = children(algorithm)[1];
    const scheme = oidOf(child(algorithm, 0));
    for (const password of this.passwordsFor(scheme)) {
      this.spend(largestInteger(parameters));
      const plain =
        scheme === OID.pbes2
          ? readable(decryptPbes2(parameters, Buffer.from(ciphertext, 'latin1'), password))
          : decryptLegacy(algorithm, ciphertext, password);
      if (plain !== null) return plain;
    }
    throw unusable('la contraseña no es correcta o el cifrado no es admitido');
  }

  /** PBES2 takes the password as UTF-8 (RFC 8018, §3); some writers take one byte a letter. */
  private passwordsFor(scheme: string): Iterable<string> {
    if (scheme !== OID.pbes2) return [this.password];
    return new Set([forge.util.encodeUtf8(this.password), this.password]);
  }

  private spend(iterations: number): void {
    this.iterationsLeft -= iterations;
    if (iterations < 1 || this.iterationsLeft < 0) {
      throw unusable('su derivación de clave exige demasiado cómputo');
    }
  }
}

/**
 * RC2-40 and 3DES of PKCS#12, which OpenSSL 3 does not have. Both kinds of encrypted content have the
 * shape of an EncryptedPrivateKeyInfo. Null when the password is wrong or the cipher unknown: forge
 * tells neither from the other.
 */
function decryptLegacy(algorithm: Asn1, ciphertext: string, password: string): Asn1 | null {
  const { Class, Type, create } = forge.asn1;
  const octets = create(Class.UNIVERSAL, Type.OCTETSTRING, false, ciphertext);
  const info = create(Class.UNIVERSAL, Type.SEQUENCE, true, [algorithm, octets]);
  try {
    return forge.pki.decryptPrivateKeyInfo(info, password);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Null for what a wrong password made of it, when its padding happens to fit. */
function readable(plain: Buffer | null): Asn1 | null {
  if (plain === null) return null;
  try {
    return fromDer(plain.toString('latin1'));
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The iteration count, the largest number among a cipher's parameters. */
function largestInteger(node: Asn1 | undefined): number {
  if (node === undefined) return 1;
  if (isInteger(node)) return integerOf(node);
  if (typeof node.value === 'string') return 1;
  return Math.max(1, ...node.value.map(largestInteger));
}

function encodeDer(node: Asn1): Buffer {
  return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}

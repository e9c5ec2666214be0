import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { certificateFacts, type CertificateFacts } from './certificate.js';
import { decodeP12, unusable } from './p12-asn1.js';

/** A decoded P12. */
export interface P12Contents {
  readonly privateKey: KeyObject;
  readonly certificatePem: string;
  readonly certificateDer: Buffer;
  /** The other certificates of the file, PEM. */
  readonly chain: readonly string[];
  readonly facts: CertificateFacts;
}

/** A P12 with key and chain is 3–10 kB; the bound keeps a hostile file from costing time. */
const MAX_P12_BYTES = 128 * 1024;

/**
 * Decodes a PKCS#12 file, also with the legacy encryption (RC2-40, 3DES) that Dominican providers
 * still use and OpenSSL 3 refuses. Certificates keep the file's own bytes: re-encoding them could
 * break their signature. Throws `cert.invalid` with a reason in Spanish.
 */
export function readP12(bytes: Uint8Array, password: string): P12Contents {
  if (bytes.length === 0 || bytes.length > MAX_P12_BYTES) {
    throw unusable('el tamaño no es el de un archivo P12');
  }
  const { keys, certificates } = decodeP12(bytes, password);
  const [key] = keys;
  if (key === undefined) throw unusable('no contiene una clave privada');
  if (keys.length > 1) throw unusable('contiene más de una clave privada');
  const privateKey = importKey(key);
  const parsed = certificates.map(importCertificate);
  const own = parsed.find((certificate) => certificate.checkPrivateKey(privateKey));
  if (own === undefined) throw unusable('ningún certificado corresponde a la clave privada');
  return {
    privateKey,
    certificatePem: own.toString(),
    certificateDer: own.raw,
    chain: parsed.filter((other) => other !== own).map((other) => other.toString()),
    facts: certificateFacts(own.raw),
  };
}

function importKey(pkcs8: Buffer): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw unusable('la clave privada no se pudo leer', error);
  }
}

function importCertificate(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (error) {
    throw unusable('contiene un certificado ilegible', error);
  }
}

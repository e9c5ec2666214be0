// Not used by name: `toLegacyObject` loads a part of tls, and where tls itself was not loaded before,
// the whole process is left without `tls.createSecureContext` (Node 20): no HTTPS any more.
import 'node:tls';
import { X509Certificate, createHash, type KeyObject } from 'node:crypto';
import { child, fromDer, oidOf } from './asn1.js';

/** Whom a certificate identifies (X.520 serialNumber, OID 2.5.4.5; Descripción Técnica, p. 60). */
export interface CertificateHolder {
  readonly kind: 'cedula' | 'rnc' | 'passport';
  readonly id: string;
}

/** What we need to know of an X.509 certificate. */
export interface CertificateFacts {
  readonly pem: string;
  readonly der: Buffer;
  /** One line, `C=DO, serialNumber=IDCDO-…, CN=…`. */
  readonly subject: string;
  readonly issuer: string;
  /** The certificate's own serial number, hexadecimal. */
  readonly serial: string;
  /** Null when the subject's serialNumber names neither cédula, RNC nor passport. */
  readonly holder: CertificateHolder | null;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly thumbprint: string;
  readonly publicKey: KeyObject;
  /** Modulus length when the key is RSA, otherwise 0. */
  readonly rsaBits: number;
}

/** Facts of a certificate given as PEM text or DER bytes. Throws on anything else. */
export function certificateFacts(source: string | Uint8Array): CertificateFacts {
  const certificate = new X509Certificate(source);
  const publicKey = certificate.publicKey;
  return {
    pem: certificate.toString(),
    der: certificate.raw,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber.toLowerCase(),
    holder: holderOf(certificate),
    notBefore: new Date(certificate.validFrom),
    notAfter: new Date(certificate.validTo),
    thumbprint: createHash('sha256').update(certificate.raw).digest('hex'),
    publicKey,
    rsaBits: rsaBitsOf(publicKey),
  };
}

/** Whether the certificate may be used at this instant. */
export function isValidAt(
  certificate: Pick<CertificateFacts, 'notBefore' | 'notAfter'>,
  instant: Date,
): boolean {
  return certificate.notBefore <= instant && instant <= certificate.notAfter;
}

function rsaBitsOf(key: KeyObject): number {
  if (key.asymmetricKeyType !== 'rsa') return 0;
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

/** OpenSSL prints one attribute a line and escapes line breaks inside values. */
function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function holderOf(certificate: X509Certificate): CertificateHolder | null {
  const subject: unknown = certificate.toLegacyObject().subject;
  if (typeof subject !== 'object' || subject === null || !('serialNumber' in subject)) return null;
  // A repeated attribute comes as a list: then nobody can say who the holder is.
  return typeof subject.serialNumber === 'string' ? holderFrom(subject.serialNumber) : null;
}

/**
 * Certificates in use carry `IDCDO-` + cédula, `RNC…` or `PAS…`; some the bare digits. Letters before
 * a hyphen are a kind and a country (ETSI EN 319 412-1, §5.1.3): another country's number is nobody's
 * cédula.
 */
function holderFrom(serialNumber: string): CertificateHolder | null {
  const passport =
    /^PAS[A-Z]{2}-([A-Z0-9]{5,20})$/i.exec(serialNumber) ??
    /^PAS[\s:_-]*([A-Z0-9]{5,20})$/i.exec(serialNumber);
  if (passport?.[1] !== undefined) return { kind: 'passport', id: passport[1].toUpperCase() };
  if (/^(?:IDC|PNO|TIN|VAT|NTR|TAX)(?!DO)[A-Z]{2}-/i.test(serialNumber)) return null;
  const digits = /(?:^|\D)(\d[\d-]*)$/.exec(serialNumber)?.[1]?.replaceAll('-', '');
  if (digits?.length === 11) return { kind: 'cedula', id: digits };
  if (digits?.length === 9) return { kind: 'rnc', id: digits };
  return null;
}

/** Hash of each signature algorithm a certificate may carry (RFC 4055, RFC 5758). */
const SIGNATURE_HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/** Hash the certificate's issuer signed it with; `unknown` for any other algorithm. */
export function certificateSignatureHash(certificateDer: Buffer): string {
  const oid = oidOf(child(child(fromDer(certificateDer.toString('latin1')), 1), 0));
  return SIGNATURE_HASHES[oid] ?? 'unknown';
}

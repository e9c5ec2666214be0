import { generateKeyPairSync, randomBytes } from 'node:crypto';
import forge from 'node-forge';

const KEY_BITS = 2048;
const VALID_DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
/** GeneralName kind dNSName (RFC 5280 §4.2.1.6). */
const DNS_NAME = 2;

export interface TlsPair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** A certificate that lets the gateway start; browsers and clients rightly distrust it. */
export function selfSigned(host: string, now: Date): TlsPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // A leading 00 keeps the number positive.
  certificate.serialNumber = `00${randomBytes(16).toString('hex')}`;
  certificate.validity.notBefore = now;
  certificate.validity.notAfter = new Date(now.getTime() + VALID_DAYS * DAY_MS);
  const name = [{ name: 'commonName', value: host }];
  certificate.setSubject(name);
  certificate.setIssuer(name);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false },
    { name: 'subjectAltName', altNames: [{ type: DNS_NAME, value: host }] },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create());
  return { certificatePem: forge.pki.certificateToPem(certificate), keyPem: privateKey };
}

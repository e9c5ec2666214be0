import type { KeyObject } from 'node:crypto';
import { certificateFacts, type CertificateFacts } from './certificate.js';

/** A decoded key with its certificate; made once per certificate and kept in memory only. */
export interface Signer {
  readonly privateKey: KeyObject;
  readonly certificate: CertificateFacts;
  /** Everything of Signature behind the value of SignatureValue, ready to append. */
  readonly tail: string;
}

/** Signer of a private key and the certificate (PEM or DER) that belongs to it. */
export function createSigner(privateKey: KeyObject, certificate: string | Uint8Array): Signer {
  const facts = certificateFacts(certificate);
  return { privateKey, certificate: facts, tail: signatureTail(facts.der) };
}

/** The end of a Signature element: KeyInfo with the end-entity certificate. */
export function signatureTail(der: Buffer): string {
  const text = der.toString('base64');
  return (
    '</SignatureValue><KeyInfo><X509Data><X509Certificate>' +
    `${text}</X509Certificate></X509Data></KeyInfo></Signature>`
  );
}

/**
 * The closed set of algorithms of DGII's signature profile (Firmado de e-CF, p. 2–4): inclusive C14N
 * without comments, enveloped, SHA-256, RSA-SHA256. Exclusive C14N is read, never written: issuers
 * in production use it and DGII accepts it.
 */
export const DS_NAMESPACE = 'http://www.w3.org/2000/09/xmldsig#';
export const C14N = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';

/** Hashes of signatures we accept; the profile prescribes the first, and weaker ones never count. */
export type Hash = 'sha256' | 'sha384' | 'sha512';

export const DIGEST_HASHES: ReadonlyMap<string, Hash> = new Map([
  [SHA256, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
]);

/** RSA PKCS#1 v1.5 only: other kinds, HMAC above all, would let others than the key's owner sign. */
export const SIGNATURE_HASHES: ReadonlyMap<string, Hash> = new Map([
  [RSA_SHA256, 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha384', 'sha384'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'sha512'],
]);

/** First line of every file we write; it lies outside the signature. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

/** DGII's examples and the RI use the first six characters of SignatureValue (Informe Técnico, p. 35). */
export function codigoSeguridadOf(signatureValue: string): string {
  return signatureValue.slice(0, 6);
}

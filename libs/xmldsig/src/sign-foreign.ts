import { createHash } from 'node:crypto';
import { AppError } from '@getupnet/kernel';
import xmlCrypto from 'xml-crypto';
import {
  C14N,
  ENVELOPED,
  RSA_SHA256,
  SHA256,
  XML_DECLARATION,
  codigoSeguridadOf,
} from './algorithms.js';
import { FOREIGN_LIMITS, Refusal, checkShape, dropWhitespace } from './canonical.js';
import { withReceived } from './received.js';
import type { SignedDocument } from './sign-canonical.js';
import type { Signer } from './signer.js';

const { SignedXml } = xmlCrypto;

/**
 * Signs XML that others wrote, such as DGII's semilla, whose root declares namespaces: SignedInfo
 * must carry them in its canonical form. The document passes the same gate as anything received and
 * loses the white space between elements, as the profile asks. Throws `xml.*` of the catalogue.
 */
export function signForeign(bytes: Uint8Array, signer: Signer): SignedDocument {
  return signed(canonicalOf(bytes), signer);
}

/** No semilla is longer; DGII's have some hundred characters. */
const SEMILLA =
  /^<SemillaModel(?: xmlns:[\w.-]{1,32}="[^"<>]{1,200}")*><valor>[^<>]{1,4096}<\/valor><fecha>[^<>]{1,64}<\/fecha><\/SemillaModel>$/;

/**
 * Signs a semilla and nothing else: whoever answers in DGII's place must not get a signature on a
 * document of his own. Judged is the very text that is signed, `SemillaModel` with `valor` and
 * `fecha` alone (Descripción Técnica v1.6, p. 9). Throws `xml.*` or `sign.kind_mismatch`.
 */
export function signSemilla(bytes: Uint8Array, signer: Signer): SignedDocument {
  const canonical = canonicalOf(bytes);
  if (!SEMILLA.test(canonical)) throw new AppError('sign.kind_mismatch', { kind: 'semilla' });
  return signed(canonical, signer);
}

function signed(canonical: string, signer: Signer): SignedDocument {
  const signature = new SignedXml({
    privateKey: signer.privateKey,
    publicCert: signer.certificate.pem,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: C14N,
    getKeyInfoContent: () => x509Data(signer),
  });
  signature.addReference({
    xpath: '/*',
    transforms: [ENVELOPED],
    digestAlgorithm: SHA256,
    uri: '',
    isEmptyUri: true,
  });
  signature.computeSignature(canonical, { location: { reference: '/*', action: 'append' } });
  const xml = XML_DECLARATION + signature.getSignedXml();
  const signatureValue = /<SignatureValue>([^<]+)</.exec(xml)?.[1] ?? '';
  const file = Buffer.from(xml, 'utf8');
  return {
    bytes: file,
    xml,
    sha256: sha256(file),
    digest: sha256(canonical),
    signatureValue,
    codigoSeguridad: codigoSeguridadOf(signatureValue),
  };
}

function canonicalOf(bytes: Uint8Array): string {
  try {
    return withReceived(bytes, FOREIGN_LIMITS, (source) => {
      const canonical = source.text('inclusive');
      checkShape(canonical, FOREIGN_LIMITS);
      return dropWhitespace(canonical);
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new AppError(error.fault, { reason: error.reason }, { cause: error });
  }
}

function x509Data(signer: Signer): string {
  const der = signer.certificate.der.toString('base64');
  return `<X509Data><X509Certificate>${der}</X509Certificate></X509Data>`;
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

import { createHash, sign, type KeyObject } from 'node:crypto';
import {
  C14N,
  DS_NAMESPACE,
  ENVELOPED,
  RSA_SHA256,
  SHA256,
  XML_DECLARATION,
  codigoSeguridadOf,
} from './algorithms.js';
import { certificateFacts } from './certificate.js';
import { signatureTail, type Signer } from './signer.js';

/** A signed document: the final bytes and what the journal keeps of them. */
export interface SignedDocument {
  /** Signed file with XML declaration; UTF-8 when written. */
  readonly xml: string;
  /** SHA-256 of `xml`, hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of the unsigned canonical text, hexadecimal: what was digested. */
  readonly digest: string;
  /** Base64 without line breaks. */
  readonly signatureValue: string;
  readonly codigoSeguridad: string;
}

const PROFILE =
  `<CanonicalizationMethod Algorithm="${C14N}"></CanonicalizationMethod>` +
  `<SignatureMethod Algorithm="${RSA_SHA256}"></SignatureMethod>` +
  `<Reference URI=""><Transforms><Transform Algorithm="${ENVELOPED}"></Transform></Transforms>` +
  `<DigestMethod Algorithm="${SHA256}"></DigestMethod><DigestValue>`;
const PROFILE_END = '</DigestValue></Reference></SignedInfo>';
// SignedInfo inherits Signature's default namespace: as the apex of its own canonical form it
// declares it, inside the document it does not (Canonical XML 1.0, §2.4 and §4.6).
const DIGESTED_HEAD = `<SignedInfo xmlns="${DS_NAMESPACE}">${PROFILE}`;
const WRITTEN_HEAD = `<Signature xmlns="${DS_NAMESPACE}"><SignedInfo>${PROFILE}`;
const WRITTEN_END = `${PROFILE_END}<SignatureValue>`;

/**
 * Signs a document that is already canonical: no declaration, no white space between elements, no
 * attributes or namespaces, expanded tags. Its own text is what C14N would yield, so the digest is
 * taken over that very text and nothing is parsed. The RSA operation runs on libuv's threads.
 */
export async function signCanonical(xml: string, signer: Signer): Promise<SignedDocument> {
  const close = closingTag(xml);
  const digest = sha256(xml);
  const digestText = digest.toString('base64');
  const signedInfo = Buffer.from(DIGESTED_HEAD + digestText + PROFILE_END, 'latin1');
  const value = await rsaSha256(signedInfo, signer.privateKey);
  return assemble({ xml, close, digest, digestText, signatureValue: value, tail: signer.tail });
}

/**
 * The same bytes again from what the journal keeps: RSA PKCS#1 v1.5 is deterministic, so the stored
 * value and the certificate it was made with are enough, and the key is not needed.
 */
export function rebuildSigned(
  xml: string,
  signatureValue: string,
  certificate: string | Uint8Array,
): SignedDocument {
  const digest = sha256(xml);
  return assemble({
    xml,
    close: closingTag(xml),
    digest,
    digestText: digest.toString('base64'),
    signatureValue,
    tail: signatureTail(certificateFacts(certificate).der),
  });
}

/** SHA-256 of a text's UTF-8 bytes, hexadecimal: the journal's digest of an unsigned document. */
export function digestOf(xml: string): string {
  return sha256(xml).toString('hex');
}

interface Parts {
  readonly xml: string;
  readonly close: number;
  readonly digest: Buffer;
  readonly digestText: string;
  readonly signatureValue: string;
  readonly tail: string;
}

function assemble(parts: Parts): SignedDocument {
  const { xml, close, digest, digestText, signatureValue, tail } = parts;
  const head = xml.slice(0, close);
  const signature = WRITTEN_HEAD + digestText + WRITTEN_END + signatureValue + tail;
  const end = signature + xml.slice(close);
  // In pieces: hashing the joined text would first copy it, which costs more than hashing it.
  const hash = createHash('sha256').update(XML_DECLARATION, 'utf8').update(head, 'utf8');
  return {
    xml: XML_DECLARATION + head + end,
    sha256: hash.update(end, 'utf8').digest('hex'),
    digest: digest.toString('hex'),
    signatureValue,
    codigoSeguridad: codigoSeguridadOf(signatureValue),
  };
}

const ROOT = /^<([A-Za-z_][\w.-]*)>/;

/** Where the root's closing tag starts; refuses a text that is plainly not canonical. */
function closingTag(xml: string): number {
  const name = ROOT.exec(xml)?.[1];
  const tag = `</${name}>`;
  if (name === undefined || !xml.endsWith(tag)) {
    throw new RangeError('not a canonical document: it must be one root without attributes');
  }
  return xml.length - tag.length;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

function rsaSha256(data: Buffer, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', data, key, (error, signature) => {
      if (error === null) resolve(signature.toString('base64'));
      else reject(error);
    });
  });
}

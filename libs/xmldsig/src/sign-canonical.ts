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
  /** Signed file with XML declaration, UTF-8. */
  readonly bytes: Buffer;
  /** The text of `bytes`. */
  readonly xml: string;
  /** SHA-256 of `bytes`, hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of the unsigned canonical bytes, hexadecimal: what was digested. */
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

const DECLARATION_BYTES = Buffer.from(XML_DECLARATION, 'utf8');

/**
 * Signs a document that is already canonical (text, or its UTF-8): no declaration, no white space
 * between elements, no attributes or namespaces, expanded tags. Its own bytes are what C14N would
 * yield, so the digest is taken over those very bytes and nothing is parsed. The RSA operation runs
 * on libuv's threads. Throws RangeError for a text that is plainly not canonical.
 */
export async function signCanonical(
  document: string | Uint8Array,
  signer: Signer,
): Promise<SignedDocument> {
  const unsigned = open(document);
  const signedInfo = Buffer.from(DIGESTED_HEAD + unsigned.digest + PROFILE_END, 'latin1');
  const value = await rsaSha256(signedInfo, signer.privateKey);
  return new SignedFile(unsigned, value, signer.tail);
}

/**
 * The same bytes again from what the journal keeps: RSA PKCS#1 v1.5 is deterministic, so the stored
 * value and the certificate it was made with are enough, and the key is not needed.
 */
export function rebuildSigned(
  document: string | Uint8Array,
  signatureValue: string,
  certificate: string | Uint8Array,
): SignedDocument {
  const tail = signatureTail(certificateFacts(certificate).der);
  return new SignedFile(open(document), signatureValue, tail);
}

/** SHA-256 of a text's UTF-8 bytes, hexadecimal: the journal's digest of an unsigned document. */
export function digestOf(xml: string): string {
  return sha256(utf8(xml));
}

interface Unsigned {
  readonly body: Buffer;
  /** Where the root's closing tag starts. */
  readonly close: number;
  /** Base64, as it stands in the signature. */
  readonly digest: string;
}

function open(document: string | Uint8Array): Unsigned {
  const body = utf8(document);
  const digest = createHash('sha256').update(body).digest('base64');
  return { body, close: closingTag(body), digest };
}

class SignedFile implements SignedDocument {
  readonly bytes: Buffer;
  readonly signatureValue: string;
  readonly codigoSeguridad: string;
  readonly #digest: string;
  #sha256: string | undefined;
  #text: string | undefined;

  constructor({ body, close, digest }: Unsigned, signatureValue: string, tail: string) {
    const signature = WRITTEN_HEAD + digest + WRITTEN_END + signatureValue + tail;
    const head = DECLARATION_BYTES.length;
    const bytes = Buffer.allocUnsafe(head + body.length + signature.length);
    bytes.set(DECLARATION_BYTES);
    bytes.set(body, head);
    bytes.write(signature, head + close, 'latin1');
    bytes.set(body.subarray(close), head + close + signature.length);
    this.bytes = bytes;
    this.#digest = digest;
    this.signatureValue = signatureValue;
    this.codigoSeguridad = codigoSeguridadOf(signatureValue);
  }

  get digest(): string {
    return Buffer.from(this.#digest, 'base64').toString('hex');
  }

  /** Made when first asked for: an archive wants it, whoever only sends the file does not. */
  get sha256(): string {
    this.#sha256 ??= sha256(this.bytes);
    return this.#sha256;
  }

  /** Made when first asked for: whoever writes or sends the file wants its bytes. */
  get xml(): string {
    this.#text ??= this.bytes.toString('utf8');
    return this.#text;
  }
}

const ROOT = /^<[A-Za-z_][\w.-]{0,120}>$/;
const GREATER_THAN = 0x3e;

/** Where the root's closing tag starts; refuses what is plainly not canonical. */
function closingTag(body: Buffer): number {
  const tag = body.toString('latin1', 0, body.indexOf(GREATER_THAN) + 1);
  const close = body.length - tag.length - 1;
  if (!ROOT.test(tag) || body.toString('latin1', Math.max(close, 0)) !== `</${tag.slice(1)}`) {
    throw new RangeError('not a canonical document: it must be one root without attributes');
  }
  return close;
}

/** Plain ASCII, the most common case, is copied as it stands, which takes a fiftieth of the time. */
function utf8(document: string | Uint8Array): Buffer {
  if (typeof document !== 'string') {
    return Buffer.from(document.buffer, document.byteOffset, document.byteLength);
  }
  const ascii = Buffer.byteLength(document) === document.length;
  return Buffer.from(document, ascii ? 'latin1' : 'utf8');
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function rsaSha256(data: Buffer, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', data, key, (error, signature) => {
      if (error === null) resolve(signature.toString('base64'));
      else reject(error);
    });
  });
}

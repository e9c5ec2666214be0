import { createHash, verify as verifySignature } from 'node:crypto';
import { codigoSeguridadOf, type Hash } from './algorithms.js';
import {
  RECEIVED_LIMITS,
  Refusal,
  checkShape,
  dropWhitespace,
  type CanonicalSource,
  type XmlFault,
  type XmlLimits,
} from './canonical.js';
import { certificateFacts, isValidAt, type CertificateFacts } from './certificate.js';
import { withReceived } from './received.js';
import {
  apexSignedInfo,
  cutSignature,
  readSignature,
  type CutDocument,
  type SignatureParts,
} from './signature-text.js';

/** Says why a certificate is not trusted, or null when it is. */
export type TrustCheck = (certificate: CertificateFacts) => string | null;

/** Trusts whoever signed: for tests, and where the caller checks the certificate itself. */
export const anyCertificate: TrustCheck = () => null;

export interface VerifyOptions extends Partial<XmlLimits> {
  /** A key that comes with the document proves nothing by itself: somebody must vouch for it. */
  readonly trust: TrustCheck;
  /** The certificate must be valid at this instant; not checked without it. */
  readonly at?: Date;
}

export interface Verified {
  readonly ok: true;
  readonly rootName: string;
  /** Canonical bytes the signature covers. Read every value from a parse of these, never from the input. */
  readonly signedXml: string;
  /** SHA-256 of `signedXml`, hexadecimal. */
  readonly digest: string;
  readonly signatureValue: string;
  readonly codigoSeguridad: string;
  readonly certificate: CertificateFacts;
  /** `dropped`: holds only without the white space that was put between elements after signing. */
  readonly whitespace: 'kept' | 'dropped';
}

export interface Refused {
  readonly ok: false;
  readonly fault: XmlFault;
  /** English, for the log. */
  readonly reason: string;
}

const MIN_RSA_BITS = 2048;
/** Nobody's key has more; the work of a check grows with the square of the size. */
const MAX_RSA_BITS = 8192;

/**
 * The gate every received document passes: bytes, XML without traps, exactly the signature DGII's
 * profile prescribes, certificate, digest, signature. Never throws on what a stranger sends.
 */
export function verify(bytes: Uint8Array, options: VerifyOptions): Verified | Refused {
  try {
    return judge(bytes, options);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, fault: error.fault, reason: error.reason };
    throw error;
  }
}

function judge(bytes: Uint8Array, options: VerifyOptions): Verified {
  const limits = { ...RECEIVED_LIMITS, ...definedLimits(options) };
  const { cut, parts, body } = withReceived(bytes, limits, (source) =>
    dissect(source, bytes, limits),
  );
  const certificate = certificateOf(parts.certificate);
  checkCertificate(certificate, options);
  const signed = signedForm({ body, signedInfo: apexSignedInfo(cut, parts) }, parts, certificate);
  return {
    ok: true,
    rootName: cut.rootName,
    signedXml: signed.body,
    digest: signed.sha256.toString('hex'),
    signatureValue: parts.signatureValue,
    codigoSeguridad: codigoSeguridadOf(parts.signatureValue),
    certificate,
    whitespace: signed.whitespace,
  };
}

function definedLimits(options: VerifyOptions): Partial<XmlLimits> {
  const { maxBytes, maxDepth, maxElements } = options;
  return {
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxDepth === undefined ? {} : { maxDepth }),
    ...(maxElements === undefined ? {} : { maxElements }),
  };
}

interface Dissected {
  readonly cut: CutDocument;
  readonly parts: SignatureParts;
  /** What the reference's transforms yield. */
  readonly body: string;
}

/**
 * Inclusive text first, and all checks on it: exclusive C14N repeats a declaration at every use, so
 * a hostile document could make it grow without bound.
 */
function dissect(source: CanonicalSource, bytes: Uint8Array, limits: XmlLimits): Dissected {
  const canonical = source.text('inclusive');
  checkShape(canonical, limits);
  const cut = cutSignature(canonical);
  const parts = readSignature(cut);
  refuseComments(source, bytes);
  const body =
    parts.bodyMode === 'inclusive' ? cut.body : cutSignature(source.text('exclusive')).body;
  return { cut, parts, body };
}

const COMMENT_OR_SIGNATURE = /<!--[\s\S]*?-->|<(?:[\w.-]+:)?Signature[ >]/g;

/** C14N leaves comments out, so one inside a DigestValue would split the text other readers see. */
function refuseComments(source: CanonicalSource, bytes: Uint8Array): void {
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('<!--')) return;
  const text = source.text('inclusive', true);
  COMMENT_OR_SIGNATURE.lastIndex = 0;
  let found = COMMENT_OR_SIGNATURE.exec(text);
  while (found?.[0].startsWith('<!--') === true) found = COMMENT_OR_SIGNATURE.exec(text);
  if (found !== null && text.includes('<!--', found.index)) {
    throw new Refusal('signature.structure', 'comment in or behind Signature');
  }
}

/** The two canonical texts that a signature is about. */
interface SignedTexts {
  readonly body: string;
  readonly signedInfo: string;
}

interface SignedForm extends SignedTexts {
  readonly whitespace: 'kept' | 'dropped';
  readonly sha256: Buffer;
}

/**
 * The form of the document that the signature holds for: as received, or else all of it without the
 * white space between elements. Never half of each, which is nobody's document.
 */
function signedForm(
  received: SignedTexts,
  parts: SignatureParts,
  certificate: CertificateFacts,
): SignedForm {
  const signature = Buffer.from(parts.signatureValue, 'base64');
  if (signature.toString('base64') !== parts.signatureValue) {
    throw new Refusal('signature.value', 'SignatureValue is not base64');
  }
  const holds = ({ signedInfo }: SignedTexts): boolean =>
    verifySignature(
      parts.signatureHash,
      Buffer.from(signedInfo, 'utf8'),
      certificate.publicKey,
      signature,
    );
  const asReceived = matching(received, parts);
  if (asReceived !== null && holds(received)) {
    return { ...received, whitespace: 'kept', sha256: asReceived };
  }
  const bare: SignedTexts = {
    body: dropWhitespace(received.body),
    signedInfo: dropWhitespace(received.signedInfo),
  };
  const isSame = bare.body === received.body && bare.signedInfo === received.signedInfo;
  const withoutSpace = isSame ? null : matching(bare, parts);
  if (asReceived === null && withoutSpace === null) {
    throw new Refusal('signature.digest', 'the document was altered after signing');
  }
  if (withoutSpace === null || !holds(bare)) {
    throw new Refusal('signature.value', 'SignatureValue is not of this key and SignedInfo');
  }
  return { ...bare, whitespace: 'dropped', sha256: withoutSpace };
}

/** SHA-256 of the body when its digest is the reference's, otherwise null. */
function matching({ body }: SignedTexts, parts: SignatureParts): Buffer | null {
  const digest = digestOf(parts.digestHash, body);
  if (digest.toString('base64') !== parts.digestValue) return null;
  return parts.digestHash === 'sha256' ? digest : digestOf('sha256', body);
}

function digestOf(hash: Hash, text: string): Buffer {
  return createHash(hash).update(text, 'utf8').digest();
}

function checkCertificate(certificate: CertificateFacts, options: VerifyOptions): void {
  if (certificate.rsaBits < MIN_RSA_BITS || certificate.rsaBits > MAX_RSA_BITS) {
    throw new Refusal('signature.certificate', 'not an RSA key of 2048 to 8192 bits');
  }
  if (options.at !== undefined && !isValidAt(certificate, options.at)) {
    throw new Refusal('signature.certificate', 'certificate is not valid at this time');
  }
  const distrust = options.trust(certificate);
  if (distrust !== null) throw new Refusal('signature.untrusted', distrust);
}

/** The same senders come again and again; reading a certificate costs more than the signature. */
const KNOWN_CERTIFICATES = 256;
const known = new Map<string, CertificateFacts>();

function certificateOf(base64: string): CertificateFacts {
  const cached = known.get(base64);
  if (cached !== undefined) return cached;
  const facts = parseCertificate(base64);
  if (known.size >= KNOWN_CERTIFICATES) known.clear();
  known.set(base64, facts);
  return facts;
}

function parseCertificate(base64: string): CertificateFacts {
  const der = Buffer.from(base64, 'base64');
  const facts = readCertificate(der);
  // Neither PEM in base64 nor bytes behind the certificate, which a lenient reader passes over.
  if (!facts.der.equals(der) || der.toString('base64') !== base64) {
    throw new Refusal('signature.certificate', 'not the base64 of exactly one certificate');
  }
  return facts;
}

function readCertificate(der: Buffer): CertificateFacts {
  try {
    return certificateFacts(der);
  } catch (error) {
    throw new Refusal('signature.certificate', `unreadable: ${String(error)}`);
  }
}

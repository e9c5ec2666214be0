import type { SignItem, SignResult } from '@getupnet/contracts';
import { codigoSeguridadOf, digestOf, rebuildSigned, type SignedDocument } from '@getupnet/xmldsig';
import type { StoredSignature } from './signing-journal.repository.js';

/** A refusal for one document of a request. */
export function refused({ documentId, kind }: SignItem, code: string): SignResult {
  return { ok: false, documentId, kind, code };
}

/** An answer with the signed bytes. */
export function answered(
  { documentId, kind }: SignItem,
  signed: Pick<SignedDocument, 'xml' | 'sha256' | 'signatureValue'>,
  certificateId: string,
): SignResult {
  const { xml, sha256, signatureValue } = signed;
  const codigoSeguridad = codigoSeguridadOf(signatureValue);
  return { ok: true, documentId, kind, xml, sha256, codigoSeguridad, certificateId };
}

/**
 * The answer for a document that was signed before: the very bytes of then, made anew from what the
 * journal keeps (KEY-4). Another content for it is a conflict, for ever.
 */
export function replayed(item: SignItem, stored: StoredSignature): SignResult {
  if (digestOf(item.xml) !== stored.digest) return refused(item, 'sign.digest_conflict');
  const signed = rebuildSigned(item.xml, stored.signatureValue, stored.certificatePem);
  if (signed.sha256 !== stored.signedSha256) {
    throw new Error(`journal of ${item.kind} ${item.documentId} does not yield its own bytes`);
  }
  return answered(item, signed, stored.certificateId);
}

import { AppError, dominicanDate } from '@getupnet/kernel';
import {
  certificateSignatureHash,
  isValidAt,
  readP12,
  type CertificateHolder,
  type P12Contents,
} from '@getupnet/xmldsig';

/** A P12 that passed every check, ready to be kept. */
export interface UsableP12 extends P12Contents {
  readonly holder: CertificateHolder;
}

const MIN_RSA_BITS = 2048;
const STRONG_HASHES: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512']);

/**
 * Decodes and checks a P12 (KEY-2): key and certificate match, RSA of 2048 bits or more, issued with
 * SHA-256 or better, valid now, and its serialNumber names a person. The person's cédula normally
 * differs from the issuer's RNC: DGII links them by delegation, so that is not compared here.
 */
export function usableP12(bytes: Uint8Array, password: string, now: Date): UsableP12 {
  const contents = readP12(bytes, password);
  const { facts } = contents;
  if (facts.rsaBits < MIN_RSA_BITS) {
    throw new AppError('cert.invalid', { reason: 'la clave no es RSA de 2048 bits o más' });
  }
  const hash = certificateSignatureHash(facts.der);
  if (!STRONG_HASHES.has(hash)) {
    const reason = `fue emitido con un algoritmo que ya no es seguro (${hash})`;
    throw new AppError('cert.invalid', { reason });
  }
  requireValid(facts, now);
  if (facts.holder === null) throw new AppError('cert.subject_mismatch');
  return { ...contents, holder: facts.holder };
}

/** Throws `cert.expired` unless the certificate is valid at this instant. */
export function requireValid(
  certificate: { readonly notBefore: Date; readonly notAfter: Date },
  now: Date,
): void {
  if (isValidAt(certificate, now)) return;
  throw new AppError('cert.expired', {
    notBefore: dominicanDate(certificate.notBefore),
    notAfter: dominicanDate(certificate.notAfter),
  });
}

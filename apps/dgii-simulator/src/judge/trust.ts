import type { CertificateFacts, TrustCheck } from '@getupnet/xmldsig';
import { X509Certificate } from 'node:crypto';
import type { EnvironmentSettings } from '../options.js';

const MAX_REMEMBERED = 1_000;

/**
 * Whom an environment trusts: a certificate that names a person (X.520 serialNumber) and, when
 * authorities are configured, was issued by one of them.
 */
export function trustOf(settings: EnvironmentSettings): TrustCheck {
  const authorities = settings.trustedAuthorities.map((pem) => new X509Certificate(pem));
  const answers = new Map<string, string | null>();
  return (certificate) => {
    const known = answers.get(certificate.thumbprint);
    if (known !== undefined) return known;
    const answer = distrust(certificate, authorities);
    if (answers.size >= MAX_REMEMBERED) answers.clear();
    answers.set(certificate.thumbprint, answer);
    return answer;
  };
}

function distrust(
  certificate: CertificateFacts,
  authorities: readonly X509Certificate[],
): string | null {
  if (certificate.holder === null) return 'the certificate names no person';
  if (authorities.length === 0) return null;
  const signer = new X509Certificate(certificate.der);
  const isIssued = authorities.some(
    (authority) => signer.checkIssued(authority) && signer.verify(authority.publicKey),
  );
  return isIssued ? null : 'the certificate is of an unknown authority';
}

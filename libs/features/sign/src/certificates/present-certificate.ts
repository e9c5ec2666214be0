import type { CertificateView, ImportedCertificate } from '@getupnet/contracts';
import type { CertificateRecord } from '@getupnet/persistence';
import type { UsableP12 } from './usable-certificate.js';

/** A kept certificate as it is answered. */
export function presentCertificate(row: CertificateRecord): ImportedCertificate {
  return {
    id: row.id,
    thumbprint: row.thumbprint,
    subject: row.subject,
    holderId: row.holderId,
    issuer: row.issuer,
    serial: row.serial,
    notBefore: row.notBefore.toISOString(),
    notAfter: row.notAfter.toISOString(),
    status: row.status === 'ACTIVE' ? 'ACTIVE' : 'RETIRED',
  };
}

/** A checked P12 as it is answered. */
export function presentP12({ facts, holder }: UsableP12): CertificateView {
  return {
    thumbprint: facts.thumbprint,
    subject: facts.subject,
    holderId: holder.id,
    issuer: facts.issuer,
    serial: facts.serial,
    notBefore: facts.notBefore.toISOString(),
    notAfter: facts.notAfter.toISOString(),
  };
}

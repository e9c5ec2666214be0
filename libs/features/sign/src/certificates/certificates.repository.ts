import { AuditLog, type CertificateRecord, type Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export type NewCertificate = Omit<CertificateRecord, 'createdAt' | 'status'>;

/** The only reader and writer of a tenant's certificates. */
@Injectable()
export class CertificatesRepository {
  constructor(private readonly audit: AuditLog) {}

  async active(tx: Tx): Promise<CertificateRecord | null> {
    return tx.certificate.findFirst({ where: { status: 'ACTIVE' } });
  }

  /** Retires what was active (the journal still needs it), and tells the audit log. */
  async activate(tx: Tx, certificate: NewCertificate, actor: string): Promise<CertificateRecord> {
    const { tenantId, id, thumbprint, holderId, notAfter } = certificate;
    await lock(tx, tenantId);
    await tx.certificate.updateMany({
      where: { tenantId, status: 'ACTIVE' },
      data: { status: 'RETIRED' },
    });
    const row = await tx.certificate.create({ data: { ...certificate, status: 'ACTIVE' } });
    await this.audit.append(tx, {
      tenantId,
      type: 'certificate.activated',
      subjectId: id,
      actor,
      payload: { thumbprint, holderId, notAfter },
    });
    return row;
  }
}

/** Makes imports of one tenant wait for each other: there is one active certificate. */
async function lock(tx: Tx, tenantId: string): Promise<void> {
  const key = `certificate:${tenantId}`;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
}

import type { CertificateRecord, Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export type NewCertificate = Omit<CertificateRecord, 'createdAt' | 'status'>;

/** The only reader and writer of a tenant's certificates. */
@Injectable()
export class CertificatesRepository {
  async active(tx: Tx): Promise<CertificateRecord | null> {
    return tx.certificate.findFirst({ where: { status: 'ACTIVE' } });
  }

  /** Makes imports of one tenant wait for each other: there is one active certificate. */
  async lock(tx: Tx, tenantId: string): Promise<void> {
    const key = `certificate:${tenantId}`;
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${key}, 0))`;
  }

  /** Retires what was active; the journal still needs its certificate. */
  async insertActive(tx: Tx, certificate: NewCertificate): Promise<CertificateRecord> {
    await tx.certificate.updateMany({
      where: { tenantId: certificate.tenantId, status: 'ACTIVE' },
      data: { status: 'RETIRED' },
    });
    return tx.certificate.create({ data: { ...certificate, status: 'ACTIVE' } });
  }
}

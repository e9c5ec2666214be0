import type { ImportedCertificate, P12Upload } from '@getupnet/contracts';
import { Clock, newId } from '@getupnet/kernel';
import { AuditLog, SignerDb } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { ActiveSigners } from './active-signers.js';
import { CertificatesRepository } from './certificates.repository.js';
import { presentCertificate, presentP12 } from './present-certificate.js';
import { PrivateKeys } from './private-keys.js';
import { usableP12 } from './usable-certificate.js';

/** Takes a tenant's P12 and makes its certificate the one in use. */
@Injectable()
export class ImportCertificate {
  private readonly audit: AuditLog;

  constructor(
    private readonly db: SignerDb,
    private readonly certificates: CertificatesRepository,
    private readonly privateKeys: PrivateKeys,
    private readonly signers: ActiveSigners,
    private readonly clock: Clock,
  ) {
    this.audit = new AuditLog(clock);
  }

  /** Rejects with `cert.invalid`, `cert.expired` or `cert.subject_mismatch`. */
  async run(tenantId: string, upload: P12Upload, actor: string): Promise<ImportedCertificate> {
    const bytes = Buffer.from(upload.p12, 'base64');
    const p12 = usableP12(bytes, upload.password, this.clock.now());
    const { holderId, ...view } = presentP12(p12);
    const current = await this.db.run({ tenantId }, (tx) => this.certificates.active(tx));
    // Uploading the certificate in use once more changes nothing.
    if (current?.thumbprint === view.thumbprint) return presentCertificate(current);

    const id = newId();
    // Before the transaction: the store may be a remote one.
    const sealed = await this.privateKeys.keep(p12.privateKey, tenantId, id);
    const row = await this.db.run({ tenantId }, async (tx) => {
      await this.certificates.lock(tx, tenantId);
      const inserted = await this.certificates.insertActive(tx, {
        ...view,
        tenantId,
        id,
        holderId,
        notBefore: p12.facts.notBefore,
        notAfter: p12.facts.notAfter,
        certificatePem: p12.certificatePem,
        sealed,
      });
      await this.audit.append(tx, {
        tenantId,
        type: 'certificate.activated',
        subjectId: id,
        actor,
        payload: { thumbprint: view.thumbprint, holderId, notAfter: view.notAfter },
      });
      return inserted;
    });
    this.signers.forget(tenantId);
    return presentCertificate(row);
  }
}

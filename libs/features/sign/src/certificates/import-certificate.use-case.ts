import type { ImportedCertificate, P12Upload } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { SignerDb } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { ActiveSigners } from './active-signers.js';
import { CertificatesRepository } from './certificates.repository.js';
import { P12Gate } from './p12-gate.js';
import { presentCertificate, presentP12 } from './present-certificate.js';
import { PrivateKeys } from './private-keys.js';

/** Takes a tenant's P12 and makes its certificate the one in use. */
@Injectable()
export class ImportCertificate {
  constructor(
    private readonly db: SignerDb,
    private readonly certificates: CertificatesRepository,
    private readonly privateKeys: PrivateKeys,
    private readonly signers: ActiveSigners,
    private readonly gate: P12Gate,
  ) {}

  /** Rejects with `cert.invalid`, `cert.expired` or `cert.subject_mismatch`. */
  async run(tenantId: string, upload: P12Upload, actor: string): Promise<ImportedCertificate> {
    const p12 = this.gate.open(upload);
    const { holderId, ...view } = presentP12(p12);
    const current = await this.db.run({ tenantId }, (tx) => this.certificates.active(tx));
    // Uploading the certificate in use once more changes nothing.
    if (current?.thumbprint === view.thumbprint) return presentCertificate(current);

    const id = newId();
    // Before the transaction: the store may be a remote one.
    const sealed = await this.privateKeys.keep(p12.privateKey, tenantId, id);
    const certificate = {
      ...view,
      tenantId,
      id,
      holderId,
      notBefore: p12.facts.notBefore,
      notAfter: p12.facts.notAfter,
      certificatePem: p12.certificatePem,
      sealed,
    };
    const row = await this.db.run({ tenantId }, (tx) =>
      this.certificates.activate(tx, certificate, actor),
    );
    this.signers.forget(tenantId);
    return presentCertificate(row);
  }
}

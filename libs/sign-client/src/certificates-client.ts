import {
  SIGN_ROUTES,
  importedCertificateSchema,
  type ImportedCertificate,
  type P12Upload,
  type Permission,
} from '@getupnet/contracts';
import { Injectable } from '@nestjs/common';
import { SignerCalls } from './signer-calls.js';

/** On whose behalf a certificate is imported; the signer authorises this person. */
export interface CertificateSubject {
  readonly tenantId: string;
  /** `user:<id>` or `api-key:<id>`. */
  readonly actor: string;
  readonly permission: Permission;
}

const DEADLINE_MS = 15_000;

/** A tenant's certificates, for the services that face people. */
@Injectable()
export class CertificatesClient {
  constructor(private readonly calls: SignerCalls) {}

  /** Rejects with `cert.invalid`, `cert.expired` or `cert.subject_mismatch`. */
  import(subject: CertificateSubject, upload: P12Upload): Promise<ImportedCertificate> {
    return this.calls.call(
      {
        ...subject,
        method: 'POST',
        path: SIGN_ROUTES.certificates,
        purpose: 'sign.certificate.import',
        body: upload,
        deadline: performance.now() + DEADLINE_MS,
      },
      importedCertificateSchema,
    );
  }
}

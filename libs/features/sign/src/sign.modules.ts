import { Sign } from '@getupnet/contracts';
import { PersistenceModule } from '@getupnet/persistence';
import { ServiceAccessModule } from '@getupnet/rbac';
import { SecretsModule } from '@getupnet/secrets';
import { Module } from '@nestjs/common';
import { ActiveSigners } from './certificates/active-signers.js';
import { CertificatesController } from './certificates/certificates.controller.js';
import { CertificatesRepository } from './certificates/certificates.repository.js';
import { ImportCertificate } from './certificates/import-certificate.use-case.js';
import { P12Gate } from './certificates/p12-gate.js';
import { PrivateKeys } from './certificates/private-keys.js';
import { ValidateCertificate } from './certificates/validate-certificate.use-case.js';
import { LocalSign } from './local-sign.js';
import { SignController } from './sign-documents/sign.controller.js';
import { SignDocuments } from './sign-documents/sign-documents.use-case.js';
import { SigningJournalRepository } from './sign-documents/signing-journal.repository.js';

/** Everything but the routes; keys live here, once per process. */
@Module({
  imports: [PersistenceModule, SecretsModule],
  providers: [
    CertificatesRepository,
    P12Gate,
    PrivateKeys,
    ActiveSigners,
    ImportCertificate,
    ValidateCertificate,
    SigningJournalRepository,
    SignDocuments,
  ],
  exports: [ActiveSigners, ImportCertificate, ValidateCertificate, SignDocuments],
})
export class SignCoreModule {}

/** The internal routes. */
@Module({
  imports: [SignCoreModule, ServiceAccessModule],
  controllers: [SignController, CertificatesController],
})
export class SignHttpModule {}

/** Provides the port Sign in this process, for services mounted beside the signer. */
@Module({
  imports: [SignCoreModule],
  providers: [{ provide: Sign, useClass: LocalSign }],
  exports: [Sign],
})
export class SignLocalModule {}

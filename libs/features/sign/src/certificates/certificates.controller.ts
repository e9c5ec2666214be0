import {
  SIGN_ROUTES,
  importedCertificateSchema,
  p12Schema,
  validatedCertificateSchema,
  type ImportedCertificate,
  type P12Upload,
  type Permission,
  type ValidatedCertificate,
} from '@getupnet/contracts';
import { Endpoint } from '@getupnet/platform';
import { ServiceContext, type ServiceCall } from '@getupnet/rbac';
import { Body, Controller } from '@nestjs/common';
import { actorOf, requirePermission, tenantOf } from '../service-subject.js';
import { ActiveSigners } from './active-signers.js';
import { ImportCertificate } from './import-certificate.use-case.js';
import { presentCertificate } from './present-certificate.js';
import { ValidateCertificate } from './validate-certificate.use-case.js';

const MAY_UPLOAD: readonly Permission[] = ['TENANT_CERT_UPLOAD', 'PLATFORM_TENANT_MANAGE'];

/** A tenant's certificates, for the services that face people. */
@Controller()
export class CertificatesController {
  constructor(
    private readonly importer: ImportCertificate,
    private readonly validator: ValidateCertificate,
    private readonly signers: ActiveSigners,
  ) {}

  @Endpoint('POST', SIGN_ROUTES.certificates, {
    summary: 'Import a P12; its certificate becomes the one in use',
    listener: 'internal',
    scope: 'SERVICE',
    status: 201,
    request: { body: p12Schema },
    response: importedCertificateSchema,
    problems: ['cert.invalid', 'cert.expired', 'cert.subject_mismatch'],
  })
  import(
    @Body() upload: P12Upload,
    @ServiceContext() call: ServiceCall,
  ): Promise<ImportedCertificate> {
    requirePermission(call, MAY_UPLOAD);
    return this.importer.run(tenantOf(call), upload, actorOf(call));
  }

  @Endpoint('POST', SIGN_ROUTES.validateCertificate, {
    summary: 'Say whether a P12 could be imported, and keep nothing',
    listener: 'internal',
    scope: 'SERVICE',
    request: { body: p12Schema },
    response: validatedCertificateSchema,
  })
  validate(@Body() upload: P12Upload, @ServiceContext() call: ServiceCall): ValidatedCertificate {
    requirePermission(call, MAY_UPLOAD);
    return this.validator.run(upload);
  }

  @Endpoint('GET', SIGN_ROUTES.activeCertificate, {
    summary: 'The certificate a tenant signs with, valid or not',
    listener: 'internal',
    scope: 'SERVICE',
    response: importedCertificateSchema,
    problems: ['cert.missing'],
  })
  async active(@ServiceContext() call: ServiceCall): Promise<ImportedCertificate> {
    return presentCertificate(await this.signers.certificate(tenantOf(call)));
  }
}

import { Sign, type SignRequest, type SignResult } from '@getupnet/contracts';
import { Clock } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { ActiveSigners } from './certificates/active-signers.js';
import { requireValid } from './certificates/usable-certificate.js';
import { SignDocuments } from './sign-documents/sign-documents.use-case.js';

/** The port Sign inside the signer's own process. */
@Injectable()
export class LocalSign extends Sign {
  constructor(
    private readonly documents: SignDocuments,
    private readonly signers: ActiveSigners,
    private readonly clock: Clock,
  ) {
    super();
  }

  override sign(request: SignRequest): Promise<readonly SignResult[]> {
    return this.documents.run(request);
  }

  override async activeThumbprint(tenantId: string): Promise<string> {
    const certificate = await this.signers.certificate(tenantId);
    requireValid(certificate, this.clock.now());
    return certificate.thumbprint;
  }
}

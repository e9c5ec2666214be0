import { Injectable } from '@nestjs/common';
import { AuditGate } from './audit-gate.js';
import { CertificateGate } from './certificate-gate.js';

/** What may keep anything from being issued, whatever the document says. */
@Injectable()
export class Gates {
  constructor(
    readonly audit: AuditGate,
    readonly certificates: CertificateGate,
  ) {}
}

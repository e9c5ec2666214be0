import type { P12Upload, ValidatedCertificate } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { P12Gate } from './p12-gate.js';
import { presentP12 } from './present-certificate.js';

/** Says whether a P12 could be imported; keeps nothing. */
@Injectable()
export class ValidateCertificate {
  constructor(private readonly gate: P12Gate) {}

  run(upload: P12Upload): ValidatedCertificate {
    try {
      return { valid: true, certificate: presentP12(this.gate.open(upload)) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const reason = error.params['reason'];
      return { valid: false, code: error.code, reason: typeof reason === 'string' ? reason : null };
    }
  }
}

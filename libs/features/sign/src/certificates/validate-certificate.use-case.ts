import type { P12Upload, ValidatedCertificate } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { Injectable } from '@nestjs/common';
import { presentP12 } from './present-certificate.js';
import { usableP12 } from './usable-certificate.js';

/** Says whether a P12 could be imported; keeps nothing. */
@Injectable()
export class ValidateCertificate {
  constructor(private readonly clock: Clock) {}

  run(upload: P12Upload): ValidatedCertificate {
    try {
      const bytes = Buffer.from(upload.p12, 'base64');
      const p12 = usableP12(bytes, upload.password, this.clock.now());
      return { valid: true, certificate: presentP12(p12) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const reason = error.params['reason'];
      return { valid: false, code: error.code, reason: typeof reason === 'string' ? reason : null };
    }
  }
}

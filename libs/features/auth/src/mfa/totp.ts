import { Clock } from '@getupnet/kernel';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { generateSecret, generateURI, verifySync } from 'otplib';
import { authEnv } from '../auth-env.js';

const STEP_S = 30;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;

/** Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds, which all apps know). */
@Injectable()
export class Totp {
  readonly #toleranceS: number;
  readonly #issuer: string;

  constructor(
    private readonly clock: Clock,
    config: Config,
  ) {
    const { AUTH_TOTP_WINDOW, AUTH_TOTP_ISSUER } = config.get(authEnv);
    this.#toleranceS = AUTH_TOTP_WINDOW * STEP_S;
    this.#issuer = AUTH_TOTP_ISSUER;
  }

  newSecret(): string {
    return generateSecret({ length: SECRET_BYTES });
  }

  /** What apps read from a QR code. */
  uriOf(secret: string, label: string): string {
    return generateURI({ issuer: this.#issuer, label, secret });
  }

  /** The time step a code belongs to, if it is one of now or of the steps around it. */
  stepOf(secret: string, code: string): number | undefined {
    const epoch = Math.floor(this.clock.now().getTime() / 1000);
    const verdict = verifySync({ secret, token: code, epoch, epochTolerance: this.#toleranceS });
    return verdict.valid && 'timeStep' in verdict ? verdict.timeStep : undefined;
  }
}

import type { P12Upload } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { BootError, Config } from '@getupnet/platform';
import {
  checkChain,
  readCertificates,
  type CertificateFacts,
  type ChainFault,
  type P12Contents,
} from '@getupnet/xmldsig';
import { Inject, Injectable } from '@nestjs/common';
import { signEnv } from '../sign.env.js';
import { usableP12, type UsableP12 } from './usable-certificate.js';

/** Completes «El archivo P12 no se pudo usar: …». */
const REASONS: Readonly<Record<ChainFault, string>> = {
  unknown_issuer: 'su certificado no lo emitió ninguna de las autoridades que acepta la plataforma',
  not_yet_valid: 'un certificado de su cadena todavía no está vigente',
  expired: 'un certificado de su cadena está vencido',
  weak_key: 'un certificado de su cadena tiene una clave demasiado corta',
  weak_hash: 'un certificado de su cadena fue emitido con un algoritmo que ya no es seguro',
  bad_signature: 'la firma de un certificado de su cadena no es de quien dice haberlo emitido',
  not_an_authority: 'lo emitió un certificado que no es de una autoridad',
  path_length: 'su cadena es más larga de lo que permite la autoridad',
  key_usage: 'un certificado de su cadena no permite este uso',
  critical_extension: 'un certificado de su cadena exige condiciones que la plataforma no conoce',
  too_complex: 'su cadena es demasiado compleja',
  unreadable: 'un certificado de su cadena no se puede leer',
};

/** What every P12 passes before it is kept (KEY-2), its chain included where authorities are configured. */
@Injectable()
export class P12Gate {
  private readonly authorities: readonly CertificateFacts[] | null;

  constructor(
    private readonly clock: Clock,
    @Inject(Config) config: Config,
  ) {
    const pem = config.get(signEnv).SIGN_AUTHORITIES;
    this.authorities = pem === undefined ? null : authoritiesOf(pem);
  }

  /** Throws `cert.invalid`, `cert.expired` or `cert.subject_mismatch`. */
  open({ p12, password }: P12Upload): UsableP12 {
    const now = this.clock.now();
    const contents = usableP12(Buffer.from(p12, 'base64'), password, now);
    if (this.authorities !== null) requireChain(contents, this.authorities, now);
    return contents;
  }
}

function authoritiesOf(pem: string): readonly CertificateFacts[] {
  try {
    return readCertificates(pem);
  } catch (cause) {
    throw new BootError('SIGN_AUTHORITIES: a certificate cannot be read', { cause });
  }
}

function requireChain(
  { facts, chain }: P12Contents,
  authorities: readonly CertificateFacts[],
  now: Date,
): void {
  const verdict = checkChain(facts, chain.flatMap(readCertificates), authorities, now);
  if (verdict.ok) return;
  const reason = `${REASONS[verdict.fault]} (${verdict.subject})`;
  throw new AppError('cert.invalid', { reason });
}

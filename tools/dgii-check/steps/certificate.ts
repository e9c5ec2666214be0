import { sign, verify } from 'node:crypto';
import { isAppError } from '@getupnet/kernel';
import {
  checkChain,
  readCertificates,
  type CertificateFacts,
  type CertificateHolder,
  type ChainFault,
  type P12Contents,
} from '@getupnet/xmldsig';
import { failed, ok, together, warning, type Finding } from '../step.js';

const DAY_MS = 86_400_000;
/** Renewing takes days, and without a certificate nothing can be issued. */
const SOON_DAYS = 30;
const MIN_RSA_BITS = 2048;

const KINDS = { cedula: 'cédula', rnc: 'RNC', passport: 'pasaporte' } as const;
const RENEW = 'Renuévelo con su certificadora y cárguelo en la plataforma.';

/** Why a P12 could not be opened; null when the error is none of its. */
export function unusableP12(error: unknown): Finding | null {
  if (!isAppError(error, 'cert.invalid')) return null;
  const reason = String(error.params['reason'] ?? 'no se pudo abrir');
  if (reason.startsWith('la contraseña')) {
    const fix =
      'Escriba la contraseña con la que se exportó el archivo (distingue mayúsculas; ojo con espacios ' +
      'y con otro juego de caracteres en --password-file). Si se perdió, exporte el certificado otra vez.';
    return failed('p12.password', reason, fix);
  }
  if (reason.includes('corresponde a la clave')) {
    const fix = 'Exporte de nuevo el certificado junto con su propia clave privada.';
    return failed('p12.key_mismatch', reason, fix);
  }
  const fix =
    'Pida o exporte otra vez el archivo .p12/.pfx, con una clave privada y su certificado.';
  return failed('p12.unreadable', `el archivo no sirve: ${reason}`, fix);
}

/** Everything DGII asks of a signer's certificate that can be seen without DGII. */
export function judgeP12(
  contents: P12Contents,
  authorities: readonly CertificateFacts[],
  now: Date,
): Finding {
  return together([
    ...judgeCertificate(contents.facts, now),
    ...(keyWorks(contents) ? [] : [keyFault()]),
    ...judgeChain(contents, authorities, now),
  ]);
}

/** Size, person and validity of a certificate. */
export function judgeCertificate(facts: CertificateFacts, now: Date): readonly Finding[] {
  return [...keySize(facts), holderFinding(facts.holder), validity(facts, now)];
}

function keySize({ rsaBits }: CertificateFacts): readonly Finding[] {
  if (rsaBits >= MIN_RSA_BITS) return [];
  const found = rsaBits === 0 ? 'la clave no es RSA' : `la clave RSA tiene ${rsaBits} bits`;
  const fix = 'La DGII pide RSA de 2048 bits o más: pida otro certificado.';
  return [failed('p12.weak_key', found, fix, { rsaBits })];
}

function holderFinding(holder: CertificateHolder | null): Finding {
  if (holder !== null) {
    const { kind, id } = holder;
    return ok('p12.ok', `${KINDS[kind]} ${id}`, { holderKind: kind, holderId: id });
  }
  return failed(
    'p12.no_holder',
    'el campo serialNumber no trae cédula, RNC ni pasaporte',
    'Hace falta un certificado de persona física para procedimientos tributarios, de una certificadora autorizada por INDOTEL.',
  );
}

function validity({ notBefore, notAfter, subject, issuer }: CertificateFacts, now: Date): Finding {
  const daysLeft = Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
  const details = {
    subject,
    issuer,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    daysLeft,
  };
  const until = notAfter.toISOString().slice(0, 10);
  if (now < notBefore) {
    const from = notBefore.toISOString().slice(0, 10);
    const fix = 'Espere a esa fecha, o corrija el reloj si la fecha de esta máquina está atrasada.';
    return failed('p12.not_yet_valid', `todavía no vale: empieza el ${from}`, fix, details);
  }
  if (now > notAfter) return failed('p12.expired', `venció el ${until}`, RENEW, details);
  if (daysLeft < SOON_DAYS) {
    return warning('p12.expires_soon', `vence en ${daysLeft} días (${until})`, RENEW, details);
  }
  return ok('p12.ok', `vence el ${until}, en ${daysLeft} días`, details);
}

const SAMPLE = Buffer.from('dgii-check');

/** What the key signs must hold for the certificate. */
function keyWorks({ privateKey, facts }: P12Contents): boolean {
  return verify('sha256', SAMPLE, facts.publicKey, sign('sha256', SAMPLE, privateKey));
}

function keyFault(): Finding {
  const found = 'lo que firma la clave no corresponde al certificado';
  return failed('p12.key_mismatch', found, 'Exporte de nuevo el certificado con su propia clave.');
}

const CHAIN_FAULTS: Readonly<Record<ChainFault, string>> = {
  unknown_issuer: 'no lo emitió ninguna de las autoridades indicadas',
  not_yet_valid: 'todavía no está vigente',
  expired: 'está vencido',
  weak_key: 'tiene una clave demasiado corta',
  weak_hash: 'está firmado con un algoritmo que ya no es seguro',
  bad_signature: 'no lo firmó quien dice haberlo emitido',
  not_an_authority: 'no es de una autoridad',
  path_length: 'está más abajo de lo que permite la autoridad',
  key_usage: 'no permite este uso',
  critical_extension: 'exige condiciones desconocidas',
  too_complex: 'tiene una cadena demasiado compleja',
  unreadable: 'no se puede leer',
};

function judgeChain(
  { facts, chain }: P12Contents,
  authorities: readonly CertificateFacts[],
  now: Date,
): readonly Finding[] {
  if (authorities.length === 0) return [];
  const verdict = checkChain(facts, chain.flatMap(readCertificates), authorities, now);
  if (verdict.ok) return [ok('p12.ok', 'su cadena llega a la autoridad', { chainChecked: true })];
  const found = `su cadena no llega a la autoridad: ${verdict.subject} ${CHAIN_FAULTS[verdict.fault]}`;
  const fix =
    'Compruebe que --ca trae la raíz de la certificadora, y exporte el P12 con sus certificados intermedios.';
  return [failed('p12.chain', found, fix, { chainChecked: true, chainFault: verdict.fault })];
}

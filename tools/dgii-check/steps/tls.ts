import type { PeerCertificate } from 'node:tls';
import { TIMED_OUT, shakeHands, targetOf, type Handshake } from '../net/connect.js';
import type { CheckSession } from '../session.js';
import { failed, ok, skipped, warning, type Details, type Finding, type Step } from '../step.js';
import { weighed, type Host } from './host.js';

const DAY_MS = 86_400_000;
/** The operator of the server renews it; nearer than this it is worth a word. */
const SOON_DAYS = 7;

export function tlsStep(host: Host, session: CheckSession): Step {
  return {
    id: 'tls',
    title: 'Conexión TLS',
    target: host.name,
    why: 'El certificado del servidor demuestra que quien responde es la DGII y no otro.',
    needs: [`tcp@${host.name}`],
    run: async () => {
      if (host.origin.protocol === 'http:') {
        return skipped('tls.none', 'la dirección es http: no hay TLS que comprobar');
      }
      const { timeoutMs } = session.settings;
      const authorities = session.world.tlsAuthorities;
      const handshake = await shakeHands(targetOf(host.origin), { timeoutMs, authorities });
      return weighed(host, judge(handshake, host, session.now()));
    },
  };
}

function judge(handshake: Handshake, host: Host, now: Date): Finding {
  const { chain, protocol, cipher, error } = handshake;
  const [own] = chain;
  const details: Details = {
    protocol,
    cipher,
    ...(own ? certificateDetails(own, chain, now) : {}),
    ...(error ? { error: error.code } : {}),
  };
  if (error) return fault(error.code, own, host, details);
  const daysLeft = own ? daysUntil(own, now) : 0;
  const found = `${protocol ?? 'TLS'}, certificado de ${issuerOf(own)}, ${daysLeft} días de validez`;
  if (daysLeft >= SOON_DAYS) return ok('tls.ok', found, details);
  const fix = 'Lo renueva el dueño del servidor; si llega a vencer, no habrá conexión con él.';
  return warning('tls.expires_soon', found, fix, details);
}

function fault(
  code: string,
  own: PeerCertificate | undefined,
  { name }: Host,
  details: Details,
): Finding {
  const issuer = issuerOf(own);
  const inspected =
    'Si lo emite un equipo de su propia red (inspección TLS, antivirus), exceptúe los servidores de la DGII ' +
    'o agregue su autoridad con NODE_EXTRA_CA_CERTS.';
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID': {
      const found = `el certificado no es de ${name}, sino de ${namesOf(own)}`;
      const fix = `Otro servidor responde en su lugar: revise el DNS y el archivo hosts. ${inspected}`;
      return failed('tls.name', found, fix, details);
    }
    case 'CERT_HAS_EXPIRED': {
      const found = `el certificado del servidor venció el ${dayOf(own?.valid_to)}`;
      const fix =
        'Si la fecha de esta máquina es correcta, espere a que el dueño del servidor lo renueve.';
      return failed('tls.expired', found, fix, details);
    }
    case 'CERT_NOT_YET_VALID': {
      const found = `el certificado del servidor vale desde el ${dayOf(own?.valid_from)}`;
      const fix =
        'Casi siempre es el reloj de esta máquina, que está atrasado: sincronícelo (NTP).';
      return failed('tls.not_yet_valid', found, fix, details);
    }
    case TIMED_OUT:
      return failed(
        'tls.timeout',
        'el saludo TLS no terminó a tiempo',
        'Un equipo de la red puede estar reteniéndolo: revise el cortafuegos y la inspección TLS.',
        details,
      );
    default:
      if (own) {
        const found = `ninguna autoridad de confianza responde por el certificado (emitido por ${issuer})`;
        return failed('tls.untrusted', found, inspected, details);
      }
      return failed(
        'tls.failed',
        `no hubo acuerdo TLS 1.2 o superior (${code || 'sin código'})`,
        'Compruebe que en ese puerto responde un servidor HTTPS y que ningún equipo de la red corta la conexión.',
        details,
      );
  }
}

function certificateDetails(
  own: PeerCertificate,
  chain: readonly PeerCertificate[],
  now: Date,
): Details {
  return {
    subject: nameOf(own.subject),
    issuer: nameOf(own.issuer),
    names: namesOf(own),
    notBefore: isoOf(own.valid_from),
    notAfter: isoOf(own.valid_to),
    daysLeft: daysUntil(own, now),
    fingerprint256: own.fingerprint256,
    chain: chain.map(({ subject }) => nameOf(subject)),
  };
}

function daysUntil(certificate: PeerCertificate, now: Date): number {
  return Math.floor((Date.parse(certificate.valid_to) - now.getTime()) / DAY_MS);
}

const isoOf = (text: string): string => new Date(Date.parse(text)).toISOString();
const dayOf = (text: string | undefined): string =>
  text === undefined ? '(sin fecha)' : isoOf(text).slice(0, 10);

/** A name without a common name is told by its organisation. */
function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const text: unknown = name?.CN ?? name?.O ?? name?.OU;
  return [text].flat().join(', ') || '(sin nombre)';
}

const issuerOf = (certificate: PeerCertificate | undefined): string =>
  certificate ? nameOf(certificate.issuer) : '(ninguno)';

function namesOf(certificate: PeerCertificate | undefined): string {
  return certificate?.subjectaltname ?? nameOf(certificate?.subject);
}

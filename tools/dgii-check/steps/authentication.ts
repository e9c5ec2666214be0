import { read } from '@getupnet/ecf';
import { dgiiInstant, type TokenAnswer } from '@getupnet/dgii-api';
import { isAppError } from '@getupnet/kernel';
import { anyCertificate, verify } from '@getupnet/xmldsig';
import type { CheckSession } from '../session.js';
import { failed, ok, skipped, together, warning, type Finding, type Step } from '../step.js';
import { judgeCertificate } from './certificate.js';
import { reasonOf, quote, serviceFault, type NotOk, type Reason } from './answers.js';

/** Opens whatever signs: a P12 file, or the installation's signer. */
export function certificateStep(session: CheckSession): Step {
  const { signer } = session.settings;
  return {
    id: 'certificate',
    title: signer?.title ?? 'Certificado P12',
    target: null,
    why: 'Con él se firma cada documento: vencido, sin titular o sin su clave, la DGII no acepta nada.',
    needs: [],
    run: async () => {
      if (signer) return signer.open(session.now());
      const fix =
        'Indique --p12 FILE (y --password-file FILE) para comprobar certificado y delegación.';
      return skipped('skipped.no_certificate', 'sin certificado (--p12)', fix);
    },
  };
}

/** Signs a fresh semilla and holds the signature against the rules every received one must meet. */
export function signStep(session: CheckSession, semillaKey: string): Step {
  return {
    id: 'sign',
    title: 'Firma de la semilla',
    target: null,
    why: 'Demuestra que la clave firma de la forma que exige la DGII, antes de preguntarle a ella.',
    needs: ['runtime', semillaKey, 'certificate'],
    run: async () => {
      const { environment, signer, timeoutMs } = session.settings;
      if (!signer) throw new Error('the certificate step comes first');
      const semilla = await session.api.getSemilla(environment, { timeoutMs });
      if (semilla.kind !== 'ok') return serviceFault('semilla', semilla);
      try {
        // Whoever answers in DGII's place must not get a signature on a document of its own making.
        const { format, signed: isSigned } = read(semilla.value);
        if (format !== 'Semilla' || isSigned) return notSemilla();
        const signed = await signer.sign(semilla.value);
        return accept(session, signed, signer.judgesCertificate);
      } catch (error) {
        if (!isAppError(error)) throw error;
        const fix =
          'Si el certificado pasó su propio paso, la semilla que llegó no es la de la DGII: revise la red.';
        return failed('sign.failed', `no se pudo firmar (${error.code})`, fix);
      }
    },
  };
}

function notSemilla(): Finding {
  const fix =
    'No siga: alguien responde en lugar de la DGII. Revise la dirección, el DNS y la red.';
  return failed('sign.not_semilla', 'lo que se pide firmar no es una semilla; no se firmó', fix);
}

function accept(session: CheckSession, signed: string, isJudged: boolean): Finding {
  const verified = verify(Buffer.from(signed, 'utf8'), { trust: anyCertificate });
  if (!verified.ok) {
    const found = `la firma hecha no se verifica (${verified.fault}: ${verified.reason})`;
    return failed('sign.invalid', found, 'Repórtelo con este texto: es una falla del programa.');
  }
  const { certificate } = verified;
  session.signedSemilla = signed;
  session.holder = certificate.holder?.id ?? null;
  const { thumbprint } = certificate;
  return together([
    ok('sign.ok', 'firmada y verificada', { thumbprint }),
    ...(isJudged ? [] : judgeCertificate(certificate, session.now())),
  ]);
}

/** Trades the signed semilla for a token. */
export function tokenStep(session: CheckSession): Step {
  return {
    id: 'token',
    title: 'Autenticación (token)',
    target: null,
    why: 'Aquí la DGII juzga firma y certificado, y si esa persona está delegada para facturar.',
    needs: ['sign'],
    run: async () => {
      const { environment, timeoutMs } = session.settings;
      const { signedSemilla } = session;
      if (signedSemilla === null) throw new Error('the semilla is signed first');
      const answer = await session.api.validarSemilla(environment, signedSemilla, { timeoutMs });
      if (answer.kind !== 'ok') return refusedToken(answer, session);
      session.token = answer.value;
      return judgeToken(answer.value, session);
    },
  };
}

const ADVICE: Readonly<Record<Reason, string>> = {
  not_delegated:
    'Entre a la Oficina Virtual del contribuyente y delegue a esta persona (rol Firmante autorizado; el ' +
    'administrador de facturación electrónica lo asigna). La firma y el certificado están bien.',
  signature:
    'La DGII no acepta firma o certificado: compruebe que lo emitió una certificadora autorizada por INDOTEL ' +
    '(pase su raíz con --ca), que no está revocado y que el reloj es correcto.',
  certificate:
    'Compruebe vigencia, titular y certificadora; un certificado revocado o de otra clase no sirve.',
  semilla: 'La semilla venció o ya se usó: repita; si persiste, revise el reloj.',
  other: 'Lea el motivo de la DGII; si no lo explica, consulte a su mesa de ayuda.',
};

/** «La DGII no delega a esta persona» is another errand than a signature it does not like. */
export function refusedBy(area: string, answer: NotOk, holder: string | null): Finding {
  if (answer.kind !== 'refused') return serviceFault(area, answer);
  const reason = reasonOf(answer.mensajes);
  const code = reason === 'other' ? `${area}.refused` : `${area}.${reason}`;
  const found = `la DGII responde: «${quote(answer.mensajes)}» (HTTP ${answer.httpStatus})`;
  const facts = { httpStatus: answer.httpStatus, ...(holder === null ? {} : { holder }) };
  return failed(code, found, ADVICE[reason], facts);
}

const refusedToken = (answer: NotOk, session: CheckSession): Finding =>
  refusedBy('token', answer, session.holder);

/** With less than this a token is renewed all the time. */
const SHORT_LIFE_MS = 10 * 60_000;

function judgeToken(answer: TokenAnswer, session: CheckSession): Finding {
  const claims = claimsOf(answer.token);
  const expires = dgiiInstant(answer.expira ?? '') ?? claims.expires;
  const issued = dgiiInstant(answer.expedido ?? '') ?? session.now();
  const findings: Finding[] = [];
  const holder = claims.holder;
  if (expires === null) {
    findings.push(ok('token.ok', 'concedido; no dice cuándo vence', { holder }));
  } else {
    const lifeMs = expires.getTime() - issued.getTime();
    const minutes = Math.round(lifeMs / 60_000);
    const facts = { holder, expiresAt: expires.toISOString(), minutes };
    const found = `concedido a ${holder ?? 'quien firmó'}, vale ${minutes} minutos`;
    const fix = 'La DGII dice que valen una hora: compruebe el reloj y repita.';
    findings.push(
      lifeMs < SHORT_LIFE_MS
        ? warning('token.short', found, fix, facts)
        : ok('token.ok', found, facts),
    );
  }
  if (holder !== null && session.holder !== null && digits(holder) !== digits(session.holder)) {
    const found = `el token es de ${holder}, y el certificado de ${session.holder}`;
    const fix = 'Compruebe con la DGII a quién tiene registrado con este certificado.';
    findings.push(warning('token.other_holder', found, fix));
  }
  return together(findings);
}

const digits = (text: string): string => text.replace(/\W/g, '').toUpperCase();

const NAME_CLAIM = /\/identity\/claims\/name$/;

/** What a JWT says of itself; nothing is verified here and nothing depends on it. */
function claimsOf(token: string): {
  readonly holder: string | null;
  readonly expires: Date | null;
} {
  const [, payload = ''] = token.split('.');
  const claims = jsonObject(Buffer.from(payload, 'base64url').toString('utf8'));
  const name = Object.entries(claims).find(([key]) => NAME_CLAIM.test(key))?.[1];
  const exp = claims['exp'];
  return {
    holder: typeof name === 'string' || typeof name === 'number' ? String(name) : null,
    expires: typeof exp === 'number' && exp < 1e11 ? new Date(exp * 1_000) : null,
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // An opaque token is a good token.
    return {};
  }
}

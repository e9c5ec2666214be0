import { offers, receiverBase, type AuthorisedCall, type DirectoryEntry } from '@getupnet/dgii-api';
import type { CheckSession, CheckSettings } from '../session.js';
import { mild, ok, skipped, together, warning, type Finding, type Step } from '../step.js';
import { serviceFault } from './answers.js';
import { refusedBy } from './authentication.js';

const NO_RNC = skipped(
  'skipped.no_rnc',
  'sin RNC (--rnc)',
  'Indique --rnc con el RNC del contribuyente que va a emitir.',
);
/** Any number of the taxpayer's own: asking after one that was never issued does no harm. */
const ASKED_ENCF = 'E310000000001';

function authorised({ settings, token }: CheckSession): AuthorisedCall {
  if (!token) throw new Error('the token comes first');
  const { environment, timeoutMs } = settings;
  return { environment, timeoutMs, token: token.token };
}

/** Whether whoever signed may act for the taxpayer: a query of its own numbers tells. */
export function delegationStep(session: CheckSession): Step {
  const { environment, rnc } = session.settings;
  return {
    id: 'delegation',
    title: 'Delegación',
    target: rnc,
    why: 'El token es de una persona; sin delegación del contribuyente, sus envíos se rechazan uno por uno.',
    needs: ['token'],
    run: async () => {
      if (!offers(environment, 'consultatrackids')) {
        return skipped(
          'skipped.no_query',
          `${environment} no tiene ninguna consulta inofensiva con la que preguntarlo`,
          'El primer envío del set de pruebas lo dirá; compruébela mientras tanto en la Oficina Virtual.',
        );
      }
      if (rnc === null) return NO_RNC;
      const call = authorised(session);
      const answer = await session.api.consultarTrackIds(call, { rnc, encf: ASKED_ENCF });
      if (answer.kind !== 'ok') return refusedBy('delegation', answer, session.holder);
      const found = `la DGII contesta consultas de ${rnc} a quien firmó`;
      return ok('delegation.ok', found, { asked: ASKED_ENCF });
    },
  };
}

/** What the directory says of the taxpayer: where others will send it documents. */
export function directoryStep(session: CheckSession): Step {
  const { environment, rnc } = session.settings;
  return {
    id: 'directory',
    title: 'Directorio',
    target: rnc,
    why: 'Ahí buscan los demás a dónde enviarle sus e-CF; no hace falta para emitir.',
    needs: ['token'],
    run: async () => {
      if (!offers(environment, 'consultadirectorio')) {
        return skipped('skipped.no_query', `${environment} no tiene directorio`);
      }
      if (rnc === null) return NO_RNC;
      const answer = await session.api.directory(authorised(session), rnc);
      return answer.kind === 'ok'
        ? judgeEntries(answer.value, session.settings, rnc)
        : mild(serviceFault('directory', answer));
    },
  };
}

function judgeEntries(
  entries: readonly DirectoryEntry[],
  { environment }: CheckSettings,
  rnc: string,
): Finding {
  // There the list names DGII's own receiver, whoever is asked about (Descripción Técnica v1.6, p. 33).
  if (environment === 'testecf') {
    return ok('directory.ok', 'responde; en testecf trae siempre el receptor de prueba de la DGII');
  }
  const own = entries.find((entry) => entry.rnc === rnc);
  if (!own) {
    const fix =
      'Un emisor electrónico también recibe: registre sus direcciones en el portal de la DGII.';
    return warning('directory.absent', `${rnc} no figura en el directorio`, fix);
  }
  const addresses = [
    ['recepción', own.urlRecepcion],
    ['aprobación comercial', own.urlAceptacion],
  ] as const;
  const findings = addresses.map(([what, url]) => judgeAddress(what, url));
  const details = {
    nombre: own.nombre,
    urlRecepcion: own.urlRecepcion,
    urlAceptacion: own.urlAceptacion,
    urlOpcional: own.urlOpcional,
  };
  return { ...together(findings), details };
}

/** Receivers are reached by https on the usual port (Descripción Técnica v1.6, p. 52). */
function judgeAddress(what: string, url: string | null): Finding {
  const fix = 'Corrija la dirección en el portal de la DGII.';
  if (url === null) return warning('directory.address', `no publica dirección de ${what}`, fix);
  const base = receiverBase(url);
  if (base === null) {
    return warning('directory.address', `la dirección de ${what} no es una dirección web`, fix);
  }
  const { protocol, port } = new URL(base);
  if (protocol !== 'https:' || port !== '') {
    const found = `la dirección de ${what} no es https en el puerto 443 (${url})`;
    return warning('directory.address', found, fix);
  }
  return ok('directory.ok', `${what}: ${url}`);
}

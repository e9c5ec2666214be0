import type { DgiiMessage } from '@getupnet/contracts';
import type { DgiiAnswer } from '@getupnet/dgii-api';
import { failed, type Details, type Finding } from '../step.js';

export type NotOk = Exclude<DgiiAnswer<unknown>, { kind: 'ok' }>;

const MAX_QUOTE = 300;

/** DGII's words, bounded. */
export function quote(mensajes: readonly DgiiMessage[]): string {
  const text = mensajes
    .map(({ codigo, valor }) => (codigo === '' ? valor : `${valor} (código ${codigo})`))
    .join('; ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text;
}

/** DGII's reasons, as far as its words tell them apart; only advice hangs on it. */
export type Reason = 'not_delegated' | 'signature' | 'certificate' | 'semilla' | 'other';

const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [/delegad/i, 'not_delegated'],
  [/firma/i, 'signature'],
  [/certificad/i, 'certificate'],
  [/semilla|vencid|expirad/i, 'semilla'],
];

export function reasonOf(mensajes: readonly DgiiMessage[]): Reason {
  const text = quote(mensajes);
  return REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? 'other';
}

/** An answer from which nothing follows about the taxpayer, as a finding of `area`. */
export function serviceFault(area: string, answer: NotOk): Finding {
  const again = 'Repita más tarde; si persiste, consulte los avisos de mantenimiento de la DGII.';
  switch (answer.kind) {
    case 'refused': {
      const details: Details = { httpStatus: answer.httpStatus };
      const found = `la DGII lo rechaza: «${quote(answer.mensajes)}» (HTTP ${answer.httpStatus})`;
      const fix = 'Lea el motivo de la DGII; si no lo explica, consulte a su mesa de ayuda.';
      return failed(`${area}.refused`, found, fix, details);
    }
    case 'unauthorized': {
      const words = quote(answer.mensajes);
      const found = `la DGII no admite el token${words === '' ? '' : `: «${words}»`} (HTTP 401)`;
      const fix =
        'Repita; si persiste, compruebe que el certificado está delegado y que el ambiente es el suyo.';
      return failed(`${area}.unauthorized`, found, fix, { httpStatus: 401 });
    }
    case 'unusable': {
      const found = `la respuesta no sirve (HTTP ${answer.httpStatus}, ${answer.reason})`;
      const details = { httpStatus: answer.httpStatus, reason: answer.reason };
      return failed(`${area}.unusable`, found, again, details);
    }
    case 'lost':
      return failed(`${area}.lost`, `se pidió y no llegó respuesta (${answer.reason})`, again);
    case 'unsent':
      return failed(`${area}.unsent`, `no se pudo enviar la petición (${answer.reason})`, again);
    case 'unsupported':
      return failed(`${area}.unsupported`, 'este ambiente no tiene ese servicio', again);
  }
}

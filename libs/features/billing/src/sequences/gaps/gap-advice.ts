import type { GapKind } from '@getupnet/contracts';
import type { FreedNumber } from './gaps.repository.js';

export function kindOf({ state, secuenciaUtilizada }: FreedNumber): GapKind {
  if (state === 'VOIDED') return 'VOIDED_DOCUMENT';
  return secuenciaUtilizada === false ? 'FREED' : 'UNCLEAR';
}

const ADVICE: Readonly<Record<GapKind, string>> = {
  FREED:
    'La DGII liberó el número. Emita el documento corregido con «corrects» y el id del rechazado, o anule el número.',
  VOIDED_DOCUMENT:
    'El documento no llegó a la DGII. Emita otro con «corrects» y su id para usar el número, o anúlelo.',
  UNCLEAR:
    'La DGII lo rechazó sin decir si usó el número. Anúlelo: si ya estaba usado, la DGII lo dirá en su respuesta.',
  NEVER_ISSUED: 'El número se saltó y nunca se asignó. Anúlelo.',
};

/** What to do about a gap; numbers of an expired range lapsed (Informe Técnico e-CF v1.0, p. 13). */
export function adviceOn(kind: GapKind, expiresOn: string | null, today: string): string {
  return expiresOn !== null && expiresOn < today
    ? 'Su rango venció y el número caducó: no hay nada que hacer.'
    : ADVICE[kind];
}

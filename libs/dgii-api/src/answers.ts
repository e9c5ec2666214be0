import type { DgiiMessage } from '@getupnet/contracts';
import { dgiiInstant } from './dates.js';
import {
  bareCode,
  fieldsOf,
  flagOf,
  listOf,
  messagesOf,
  plainWords,
  textOf,
  type Fields,
} from './lenient-json.js';

/** Answer of validarsemilla (Descripción Técnica v1.6, p. 10). */
export interface TokenAnswer {
  readonly token: string;
  /** Instants as DGII wrote them. */
  readonly expedido: string | null;
  readonly expira: string | null;
}

/** Answer of the e-CF reception: a trackId, or a reason why there is none (p. 13). */
export type ReceptionAnswer =
  | { readonly trackId: string }
  | { readonly trackId: null; readonly mensajes: readonly DgiiMessage[] };

/** A verdict as the result, RFCE and RFCE-query services write it; texts verbatim (p. 15–18). */
export interface VerdictAnswer {
  readonly trackId: string | null;
  readonly codigo: string;
  readonly estado: string;
  readonly rnc: string | null;
  readonly encf: string | null;
  readonly secuenciaUtilizada: boolean | null;
  /** US-style text in practice, kept as it came. */
  readonly fechaRecepcion: string | null;
  /** The instant that text means; null when it cannot be read. */
  readonly receivedAt: Date | null;
  readonly mensajes: readonly DgiiMessage[];
}

/** One line of the trackId query (p. 25). */
export interface TrackAnswer {
  readonly trackId: string;
  readonly estado: string;
  readonly fechaRecepcion: string | null;
  readonly receivedAt: Date | null;
}

// Each reader returns null when the JSON is not what the service answers.

export function readToken(json: unknown): TokenAnswer | null {
  const fields = fieldsOf(json);
  const token = fields && textOf(fields, 'token');
  if (!fields || !token) return null;
  return { token, expedido: textOf(fields, 'expedido'), expira: textOf(fields, 'expira') };
}

export function readReception(json: unknown): ReceptionAnswer | null {
  const fields = fieldsOf(json);
  if (!fields) return null;
  const trackId = textOf(fields, 'trackid');
  if (trackId !== null) return { trackId };
  const mensajes = ['error', 'mensaje', 'mensajes'].flatMap((name) =>
    messagesOf(fields.get(name)).filter((one) => one.valor.trim() !== ''),
  );
  return mensajes.length > 0 ? { trackId: null, mensajes } : null;
}

export function readVerdict(json: unknown): VerdictAnswer | null {
  const fields = fieldsOf(json);
  if (!fields) return null;
  const codigo = textOf(fields, 'codigo');
  const estado = textOf(fields, 'estado');
  if (codigo === null && estado === null) return null;
  return {
    trackId: textOf(fields, 'trackid'),
    codigo: codigo ?? '',
    estado: estado ?? '',
    rnc: textOf(fields, 'rnc', 'rncemisor'),
    encf: textOf(fields, 'encf', 'ncfelectronico'),
    secuenciaUtilizada: flagOf(fields, 'secuenciautilizada'),
    ...receptionOf(fields),
    mensajes: messagesOf(fields.get('mensajes') ?? fields.get('mensaje')),
  };
}

/** An array, one object alone, or an object that says "No encontrado" and carries no trackId. */
export function readTracks(json: unknown): readonly TrackAnswer[] | null {
  if (json === null || typeof json !== 'object') return null;
  const tracks: TrackAnswer[] = [];
  for (const fields of listOf(json).map(fieldsOf)) {
    if (!fields) return null;
    const trackId = textOf(fields, 'trackid');
    const estado = textOf(fields, 'estado');
    if (trackId === null && estado === null) return null;
    if (trackId === null) continue;
    tracks.push({ trackId, estado: estado ?? '', ...receptionOf(fields) });
  }
  return tracks;
}

function receptionOf(fields: Fields): Pick<TrackAnswer, 'fechaRecepcion' | 'receivedAt'> {
  const fechaRecepcion = textOf(fields, 'fecharecepcion');
  return {
    fechaRecepcion,
    receivedAt: fechaRecepcion === null ? null : dgiiInstant(fechaRecepcion),
  };
}

/** What DGII's words mean; `null` when code and word are unknown or contradict each other. */
export type DgiiMeaning =
  'ACCEPTED' | 'CONDITIONALLY_ACCEPTED' | 'REJECTED' | 'IN_PROCESS' | 'NOT_FOUND';

const BY_WORD: ReadonlyMap<string, DgiiMeaning> = new Map([
  ['no encontrado', 'NOT_FOUND'],
  ['no encontrada', 'NOT_FOUND'],
  ['aceptado', 'ACCEPTED'],
  ['rechazado', 'REJECTED'],
  ['en proceso', 'IN_PROCESS'],
  ['aceptado condicional', 'CONDITIONALLY_ACCEPTED'],
]);

const BY_CODE: ReadonlyMap<string, DgiiMeaning> = new Map([
  ['0', 'NOT_FOUND'],
  ['1', 'ACCEPTED'],
  ['2', 'REJECTED'],
  ['3', 'IN_PROCESS'],
  ['4', 'CONDITIONALLY_ACCEPTED'],
]);

/**
 * Meaning of `estado` with `codigo` (Descripción Técnica v1.6, p. 20). The word decides, because the
 * numbers are documented for one service only; code 1 beside "Aceptado Condicional" is no conflict,
 * since the status services know no code 4.
 */
export function meaningOf(answer: { codigo: string; estado: string }): DgiiMeaning | null {
  const word = plainWords(answer.estado);
  const byCode = BY_CODE.get(bareCode(answer.codigo));
  if (word === '') return byCode ?? null;
  const byWord = BY_WORD.get(word);
  if (byWord === undefined || byCode === undefined || byWord === byCode) return byWord ?? null;
  return byWord === 'CONDITIONALLY_ACCEPTED' && byCode === 'ACCEPTED' ? byWord : null;
}

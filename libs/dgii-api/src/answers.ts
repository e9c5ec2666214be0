import type { DgiiMessage } from '@getupnet/contracts';
import { dgiiInstant } from './dates.js';
import {
  bareCode,
  boundedMessages,
  fieldsOf,
  flagOf,
  listOf,
  messagesOf,
  plainWords,
  textOf,
  wholeTextOf,
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

/** What can stand behind `Bearer` (RFC 6750, section 2.1); DGII's are JWTs of hundreds of letters. */
const TOKEN = /^[\w.~+/-]{16,8192}={0,2}$/;

export function readToken(json: unknown): TokenAnswer | null {
  const fields = fieldsOf(json);
  const token = fields && wholeTextOf(fields, 'token');
  if (!fields || !token || !TOKEN.test(token)) return null;
  return { token, expedido: textOf(fields, 'expedido'), expira: textOf(fields, 'expira') };
}

export function readReception(json: unknown): ReceptionAnswer | null {
  const fields = fieldsOf(json);
  if (!fields) return null;
  const trackId = textOf(fields, 'trackid');
  if (trackId !== null) return { trackId };
  const mensajes = boundedMessages(
    ['error', 'mensaje', 'mensajes'].flatMap((name) =>
      messagesOf(fields.get(name)).filter((one) => one.valor.trim() !== ''),
    ),
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

/** Trackids of one e-NCF; nobody sends a document that often. */
const MAX_TRACKS = 64;

/**
 * An array or one object alone. Without tracks only when the array is empty or DGII says "No
 * encontrado" beside an absent trackId: that permits a resend, so nothing else may look like it.
 */
export function readTracks(json: unknown): readonly TrackAnswer[] | null {
  if (json === null || typeof json !== 'object') return null;
  const lines = listOf(json).map(fieldsOf);
  if (lines.length > MAX_TRACKS) return null;
  const tracks: TrackAnswer[] = [];
  for (const fields of lines) {
    if (!fields) return null;
    const trackId = textOf(fields, 'trackid');
    const estado = textOf(fields, 'estado') ?? '';
    if (trackId !== null) tracks.push({ trackId, estado, ...receptionOf(fields) });
    else if (BY_WORD.get(plainWords(estado)) !== 'NOT_FOUND') return null;
  }
  return tracks;
}

/** Words about the document or who sent it, and words about a service in trouble. */
const REFUSAL =
  /delegad|autorizad|firma|certificado|\bxml\b|esquema|estructura|formato|invalid|rechaz/;
const TROUBLE = /espera|intent|intern|disponib|temporal|conexion|servicio|time-?out|inesperad/;

/**
 * Whether a reception that gives no trackId says that it did not take the document. "Tiempo de
 * espera agotado" says nothing: it may have been taken (Descripción Técnica v1.6, p. 13).
 */
export function isRefusal(mensajes: readonly DgiiMessage[]): boolean {
  const words = mensajes.map((one) => plainWords(one.valor));
  return words.some((one) => REFUSAL.test(one)) && !words.some((one) => TROUBLE.test(one));
}

function receptionOf(fields: Fields): Pick<TrackAnswer, 'fechaRecepcion' | 'receivedAt'> {
  const fechaRecepcion = textOf(fields, 'fecharecepcion');
  return {
    fechaRecepcion,
    receivedAt: fechaRecepcion === null ? null : dgiiInstant(fechaRecepcion),
  };
}

/** What DGII's words mean; `null` when they are absent, unknown or contradicted by the code. */
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
 * numbers are documented for one service only and stand in answers about errors too. Code 1 beside
 * "Aceptado Condicional" is no conflict, since the status services know no code 4.
 */
export function meaningOf(answer: { codigo: string; estado: string }): DgiiMeaning | null {
  const word = plainWords(answer.estado);
  const byCode = BY_CODE.get(bareCode(answer.codigo));
  const byWord = BY_WORD.get(word);
  if (byWord === undefined || byCode === undefined || byWord === byCode) return byWord ?? null;
  return byWord === 'CONDITIONALLY_ACCEPTED' && byCode === 'ACCEPTED' ? byWord : null;
}

import type {
  DgiiFindOutcome,
  DgiiMessage,
  DgiiResultOutcome,
  DgiiSendOutcome,
  DgiiVerdict,
} from '@getupnet/contracts';
import { cutText, meaningOf, type TrackAnswer, type VerdictAnswer } from '@getupnet/dgii-api';
import type { Answered } from '../calls/authorised-calls.js';
import { unavailable, type Unavailable } from '../calls/dgii-calls.js';
import { isOther } from '../declarations/declaration-outcomes.js';

/** Whom and what an answer must be about. */
export interface Subject {
  readonly rnc: string;
  readonly encf: string;
  readonly trackId?: string;
}

/**
 * Of a refusal's body this much is handed on: DGII's are short, a hostile page is not, and 64 of them
 * must fit into one answer of ours.
 */
const MAX_RAW_CHARS = 8_192;
/** Reasons are read by people, in a log or beside a document. */
const MAX_REASON_CHARS = 500;
/** Of each line of a list of trackIds. */
const MAX_ESTADO_CHARS = 100;
/** A query that came to nothing is simply asked again. */
const QUERY_RETRY_MS = 5_000;
/** A query DGII refuses in words needs a person (delegation, parameters). */
const REFUSED_RETRY_MS = 60_000;

/** An answer about another document is not asked for again at once: a person looks into it. */
const INCIDENT_RETRY_MS = 60_000;
/** DGII's are UUIDs; another kind of name is believed too, a number by mistake or a text is not. */
const TRACK_ID = /^[A-Za-z0-9][\w.:-]{5,99}$/;

/** Only `ok`, `refused` and what certainly did not leave say anything about a sent document. */
export function receptionOutcome(answer: Answered<{ trackId: string }>): DgiiSendOutcome {
  if (answer.kind !== 'ok') return notTaken(answer);
  const { trackId } = answer.value;
  return TRACK_ID.test(trackId)
    ? { kind: 'received', trackId }
    : { kind: 'unknown', reason: 'answer.wrong_shape' };
}

export function rfceOutcome(answer: Answered<VerdictAnswer>, subject: Subject): DgiiSendOutcome {
  if (answer.kind !== 'ok') return notTaken(answer);
  if (!namesWell(answer.value)) return { kind: 'unknown', reason: 'answer.wrong_shape' };
  if (isForeign(answer.value, subject)) return { kind: 'unknown', reason: 'answer.foreign' };
  const verdict = namesAny(answer.value) ? verdictOf(answer.value) : null;
  return verdict ? { kind: 'verdict', verdict } : { kind: 'unknown', reason: 'answer.no_verdict' };
}

function notTaken(answer: Exclude<Answered<unknown>, { kind: 'ok' }>): DgiiSendOutcome {
  switch (answer.kind) {
    case 'refused': {
      const { httpStatus, mensajes, raw } = answer;
      return { kind: 'refused', httpStatus, mensajes, raw: cutText(raw, MAX_RAW_CHARS) };
    }
    case 'unusable':
    case 'lost':
      return { kind: 'unknown', reason: answer.reason };
    case 'unsupported':
      return unavailable('unsupported', REFUSED_RETRY_MS);
    case 'unavailable':
      return answer;
  }
}

export function resultOutcome(
  answer: Answered<VerdictAnswer>,
  subject: Subject,
): DgiiResultOutcome {
  if (answer.kind !== 'ok') return notAnswered(answer);
  const { value } = answer;
  if (!namesWell(value)) return unavailable('answer.wrong_shape', QUERY_RETRY_MS);
  if (isForeign(value, subject)) {
    return { kind: 'foreign', rnc: value.rnc ?? '', encf: value.encf ?? '' };
  }
  const verdict = verdictOf(value);
  if (verdict) {
    return namesAny(value)
      ? { kind: 'verdict', verdict }
      : unavailable('answer.nameless', QUERY_RETRY_MS);
  }
  const meaning = meaningOf(value);
  if (meaning === null) return unavailable('answer.contradictory', QUERY_RETRY_MS);
  return { kind: 'pending', estado: value.estado, known: meaning !== 'NOT_FOUND' };
}

/** The trackId query: everything it lists under our e-NCF. */
export function tracksOutcome(answer: Answered<readonly TrackAnswer[]>): DgiiFindOutcome {
  if (answer.kind === 'unsupported') return answer;
  if (answer.kind !== 'ok') return notAnswered(answer);
  const trackIds = answer.value.map(({ trackId, estado, receivedAt }) => ({
    trackId,
    estado: cutText(estado, MAX_ESTADO_CHARS),
    receivedAt: receivedAt?.toISOString() ?? null,
  }));
  if (!trackIds.every(({ trackId }) => TRACK_ID.test(trackId))) {
    return unavailable('answer.wrong_shape', QUERY_RETRY_MS);
  }
  return trackIds.length > 0 ? { kind: 'tracked', trackIds } : { kind: 'none' };
}

/** The RFCE and status queries: the verdict itself, or DGII's word that it has no such document. */
export function statusOutcome(answer: Answered<VerdictAnswer>, subject: Subject): DgiiFindOutcome {
  if (answer.kind === 'unsupported') return answer;
  if (answer.kind !== 'ok') return notAnswered(answer);
  if (!namesWell(answer.value)) return unavailable('answer.wrong_shape', QUERY_RETRY_MS);
  if (isForeign(answer.value, subject)) {
    return unavailable('answer.foreign', INCIDENT_RETRY_MS);
  }
  const verdict = verdictOf(answer.value);
  if (verdict) {
    return namesAny(answer.value)
      ? { kind: 'verdict', verdict }
      : unavailable('answer.nameless', QUERY_RETRY_MS);
  }
  // Only "No encontrado" in so many words permits a resend; anything else is asked again.
  const meaning = meaningOf(answer.value);
  return meaning === 'NOT_FOUND' ? { kind: 'none' } : unavailable('answer.pending', QUERY_RETRY_MS);
}

export function notAnswered(answer: Exclude<Answered<unknown>, { kind: 'ok' }>): Unavailable {
  switch (answer.kind) {
    case 'refused':
      return unavailable(`query.refused: ${textOf(answer.mensajes)}`, REFUSED_RETRY_MS);
    case 'unusable':
    case 'lost':
      return unavailable(answer.reason, QUERY_RETRY_MS);
    case 'unsupported':
      return unavailable('unsupported', REFUSED_RETRY_MS);
    case 'unavailable':
      return answer;
  }
}

/** Whom an answer names, if it is another document than the one asked about. */
export function foreignParts(
  answer: Answered<VerdictAnswer>,
  subject: Subject,
): Pick<VerdictAnswer, 'rnc' | 'encf' | 'trackId'> | null {
  if (answer.kind !== 'ok' || !namesWell(answer.value)) return null;
  if (!isForeign(answer.value, subject)) return null;
  const { rnc, encf, trackId } = answer.value;
  return { rnc, encf, trackId };
}

const RNC = /^[\d\s-]{1,15}$/;
const ENCF = /^[A-Z]\d{8,12}$/i;

/** Whether what stands where names belong could be names at all; else nothing follows from it. */
function namesWell({ rnc, encf, trackId }: VerdictAnswer): boolean {
  const fits = (stated: string | null, names: RegExp): boolean =>
    stated === null || names.test(stated);
  return fits(rnc, RNC) && !rnc?.startsWith('-') && fits(encf, ENCF) && fits(trackId, TRACK_ID);
}

/** A verdict names what it is about, in one way at least: one that does not could be anybody's. */
function namesAny({ rnc, encf, trackId }: VerdictAnswer): boolean {
  return rnc !== null || encf !== null || trackId !== null;
}

/** Whether an answer names another RNC, e-NCF or trackId. What it leaves out is not compared. */
export function isForeign(answer: VerdictAnswer, subject: Subject): boolean {
  const differs = (stated: string | null, ours: string | undefined): boolean =>
    stated !== null && ours !== undefined && stated.toUpperCase() !== ours.toUpperCase();
  return (
    isOther(answer.rnc, subject.rnc) ||
    differs(answer.encf, subject.encf) ||
    differs(answer.trackId, subject.trackId)
  );
}

function verdictOf(answer: VerdictAnswer): DgiiVerdict | null {
  const status = meaningOf(answer);
  if (status === null || status === 'IN_PROCESS' || status === 'NOT_FOUND') return null;
  const { codigo, estado, mensajes, secuenciaUtilizada, fechaRecepcion } = answer;
  return { codigo, estado, status, mensajes, secuenciaUtilizada, fechaRecepcion };
}

function textOf(mensajes: readonly DgiiMessage[]): string {
  return cutText(mensajes.map((one) => one.valor).join('; '), MAX_REASON_CHARS);
}

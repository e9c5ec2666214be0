import type { DgiiDeclarationOutcome } from '@getupnet/contracts';
import {
  approvalMeaning,
  cutText,
  voidMeaning,
  type ApprovalAnswer,
  type DeclarationMeaning,
  type VoidAnswer,
} from '@getupnet/dgii-api';
import type { Answered } from '../calls/authorised-calls.js';

/** Of a body this much is handed on; DGII's answers are short, a hostile page is not. */
const MAX_RAW_CHARS = 8_192;

/** What a commercial approval came to. Its answer names no document, so none can be foreign. */
export function approvalOutcome(answer: Answered<ApprovalAnswer>): DgiiDeclarationOutcome {
  if (answer.kind !== 'ok') return notAnswered(answer);
  const { codigo, estado, mensajes } = answer.value;
  return answered(answer.raw, approvalMeaning(answer.value), {
    codigo,
    estado: estado === '' ? null : estado,
    mensajes,
  });
}

/** What a void request came to; an answer about another issuer says nothing about ours. */
export function voidOutcome(answer: Answered<VoidAnswer>, rnc: string): DgiiDeclarationOutcome {
  if (answer.kind !== 'ok') return notAnswered(answer);
  if (isOther(answer.value.rnc, rnc)) return unknown('answer.foreign', answer.raw);
  const { codigo, mensajes } = answer.value;
  return answered(answer.raw, voidMeaning(answer.value), { codigo, estado: null, mensajes });
}

/**
 * Whether an answer names another taxpayer. Noughts in front are not compared: a cédula written as
 * a number loses them.
 */
export function isOther(stated: string | null, ours: string): boolean {
  const digits = (rnc: string): string => rnc.replace(/[\s-]/g, '').replace(/^0+/, '');
  return stated !== null && digits(stated) !== digits(ours);
}

function answered(
  raw: string,
  status: DeclarationMeaning | null,
  words: Omit<Extract<DgiiDeclarationOutcome, { kind: 'answered' }>['verdict'], 'status'>,
): DgiiDeclarationOutcome {
  return status === null
    ? unknown('answer.no_verdict', raw)
    : { kind: 'answered', verdict: { ...words, status } };
}

function notAnswered(answer: Exclude<Answered<unknown>, { kind: 'ok' }>): DgiiDeclarationOutcome {
  switch (answer.kind) {
    case 'refused': {
      const { httpStatus, mensajes, raw } = answer;
      return { kind: 'refused', httpStatus, mensajes, raw: cutText(raw, MAX_RAW_CHARS) };
    }
    case 'unusable':
      return unknown(answer.reason, answer.raw);
    case 'lost':
      return unknown(answer.reason, null);
    case 'unsupported':
    case 'unavailable':
      return answer;
  }
}

function unknown(reason: string, raw: string | null): DgiiDeclarationOutcome {
  return { kind: 'unknown', reason, raw: raw === null ? null : cutText(raw, MAX_RAW_CHARS) };
}

import type {
  DgiiDeclarationVerdict,
  DgiiMessage,
  VoidOutcome,
  VoidState,
} from '@getupnet/contracts';
import { byNumber, type Numbers } from './void-plan.js';

/** Numbers of a request and what became of them. */
export interface Settled extends Numbers {
  readonly outcome: Exclude<VoidOutcome, 'PENDING'>;
}

export interface Judgement {
  readonly state: Extract<VoidState, 'ACCEPTED' | 'PARTIALLY_ACCEPTED' | 'REJECTED' | 'REVIEW'>;
  readonly ranges: readonly Settled[];
}

/** Two e-NCF with a word or dash between them name all the numbers from one to the other. */
const NAMED = /E(\d{2})(\d{10})(?:\s*(?:-|–|—|a|al|hasta)\s*E(\d{2})(\d{10}))?/gi;
/** Words of an answer that did not void everything (Descripción Técnica v1.6, p. 32). */
const EXCEPTION = /excep|salvo|utilizad|usad|no se pu|no fue|no pud|no est/i;

/**
 * What DGII's answer means for the numbers. It says in words which it did not void (Descripción Técnica
 * v1.6, pp. 31-32): numbers it names are for a person to look at; when it speaks of exceptions and names
 * none of ours, all are. A rejection settles nothing after a request that was left without an answer,
 * for "already used" may speak of that one.
 */
export function judgeVoid(
  requested: readonly Numbers[],
  { status, mensajes }: Pick<DgiiDeclarationVerdict, 'status' | 'mensajes'>,
  unanswered: boolean,
): Judgement {
  if (status === 'REJECTED') return rejected(requested, unanswered);
  const named = namedIn(mensajes);
  const ranges = split(requested, named);
  if (ranges.some(({ outcome }) => outcome === 'UNCLEAR')) {
    return { state: 'PARTIALLY_ACCEPTED', ranges };
  }
  if (!mensajes.some(({ valor }) => EXCEPTION.test(valor))) return { state: 'ACCEPTED', ranges };
  return { state: 'PARTIALLY_ACCEPTED', ranges: all(requested, 'UNCLEAR') };
}

/** DGII did not void: nothing of a first request, nobody knows of a repeated one. */
export function rejected(requested: readonly Numbers[], unanswered: boolean): Judgement {
  return unanswered
    ? { state: 'REVIEW', ranges: all(requested, 'UNCLEAR') }
    : { state: 'REJECTED', ranges: all(requested, 'NOT_VOIDED') };
}

const all = (requested: readonly Numbers[], outcome: Settled['outcome']): readonly Settled[] =>
  requested.map((numbers) => ({ ...numbers, outcome }));

function namedIn(mensajes: readonly DgiiMessage[]): readonly Numbers[] {
  const text = mensajes.map(({ valor }) => valor).join('\n');
  return [...text.matchAll(NAMED)]
    .map(([, tipo, first, lastTipo, last]): Numbers => {
      const from = BigInt(first ?? 0);
      const to = lastTipo === tipo && last !== undefined ? BigInt(last) : from;
      return { tipo: Number(tipo), first: from, last: to < from ? from : to };
    })
    .sort(byNumber);
}

/** The requested numbers, those named apart from the others. Both lists in order. */
function split(requested: readonly Numbers[], named: readonly Numbers[]): readonly Settled[] {
  return requested.flatMap((range) => {
    const parts: Settled[] = [];
    let from = range.first;
    for (const { tipo, first, last } of named) {
      if (tipo !== range.tipo || last < from || first > range.last) continue;
      if (first > from) parts.push({ ...range, first: from, last: first - 1n, outcome: 'VOIDED' });
      const begin = first > from ? first : from;
      const end = last < range.last ? last : range.last;
      parts.push({ ...range, first: begin, last: end, outcome: 'UNCLEAR' });
      from = end + 1n;
    }
    if (from <= range.last) parts.push({ ...range, first: from, outcome: 'VOIDED' });
    return parts;
  });
}

import type { DgiiMessage } from '@getupnet/contracts';
import { bareCode, fieldsOf, messagesOf, plainWords, textOf } from './lenient-json.js';

/** Answer to a commercial approval; it names no document (Descripción Técnica v1.6, pp. 28-30). */
export interface ApprovalAnswer {
  readonly codigo: string;
  readonly estado: string;
  readonly mensajes: readonly DgiiMessage[];
}

/** Answer to a void request; it names the issuer, not the numbers (p. 32). */
export interface VoidAnswer {
  readonly rnc: string | null;
  readonly nombre: string | null;
  readonly codigo: string;
  readonly mensajes: readonly DgiiMessage[];
}

/** Whether DGII took what was declared. */
export type DeclarationMeaning = 'ACCEPTED' | 'REJECTED';

// Each reader returns null when the JSON is not what the service answers.

export function readApproval(json: unknown): ApprovalAnswer | null {
  const fields = fieldsOf(json);
  const codigo = fields && textOf(fields, 'codigo');
  const estado = fields && textOf(fields, 'estado');
  if (!fields || (!codigo && !estado)) return null;
  const mensajes = messagesOf(fields.get('mensaje') ?? fields.get('mensajes'));
  return { codigo: codigo ?? '', estado: estado ?? '', mensajes };
}

export function readVoid(json: unknown): VoidAnswer | null {
  const fields = fieldsOf(json);
  const codigo = fields && textOf(fields, 'codigo');
  if (!fields || !codigo) return null;
  return {
    rnc: textOf(fields, 'rnc'),
    nombre: textOf(fields, 'nombre'),
    codigo,
    mensajes: messagesOf(fields.get('mensajes') ?? fields.get('mensaje')),
  };
}

const BY_CODE: ReadonlyMap<string, DeclarationMeaning> = new Map([
  ['1', 'ACCEPTED'],
  ['2', 'REJECTED'],
]);

/** DGII writes the feminine, one word with the accent and one without. */
const APPROVAL_WORDS = /^(?:aprobacion comercial )?(?:(?<yes>aprobad[ao])|(?<no>rechazad[ao]))\.?$/;

/**
 * Whether DGII took a commercial approval: `1` or `01` beside "Aprobación Comercial Aprobada.",
 * `2` or `02` beside "Aprobacion Comercial Rechazada." Null when the words are absent or
 * unknown, or the code contradicts them.
 */
export function approvalMeaning(
  answer: Pick<ApprovalAnswer, 'codigo' | 'estado'>,
): DeclarationMeaning | null {
  const byCode = meaningOfCode(answer.codigo);
  const words = APPROVAL_WORDS.exec(plainWords(answer.estado))?.groups;
  if (!words) return null;
  const byWord = words['yes'] === undefined ? 'REJECTED' : 'ACCEPTED';
  if (byCode === null) return answer.codigo.trim() === '' ? byWord : null;
  return byCode === byWord ? byWord : null;
}

/**
 * Whether DGII voided numbers, at least some of them. The document prints no codes for this service;
 * `1` and `2` are taken over from the others, and any other code means nothing here. Nor does a code
 * in an answer that names no issuer: answers about errors carry codes too.
 */
export function voidMeaning(answer: Pick<VoidAnswer, 'codigo' | 'rnc'>): DeclarationMeaning | null {
  return answer.rnc === null ? null : meaningOfCode(answer.codigo);
}

function meaningOfCode(codigo: string): DeclarationMeaning | null {
  return BY_CODE.get(bareCode(codigo)) ?? null;
}

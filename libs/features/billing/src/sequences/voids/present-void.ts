import {
  VOID_OUTCOMES,
  VOID_STATES,
  dgiiMessageSchema,
  isEnvironment,
  type TipoEcfCode,
  type VoidOutcome,
  type VoidResource,
  type VoidState,
  type VoidSummary,
} from '@getupnet/contracts';
import { encfOf } from '@getupnet/ecf';
import type { EncfVoidRangeRecord, EncfVoidRecord } from '@getupnet/persistence';
import { z } from 'zod';

const messages = z.array(dgiiMessageSchema);

const ADVICE: Readonly<Partial<Record<VoidState, string>>> = {
  UNKNOWN: 'La DGII no respondió; se envía otra vez el mismo archivo. No hay nada que hacer.',
  PARTIALLY_ACCEPTED:
    'La DGII anuló una parte. Revise en sus mensajes los números UNCLEAR; pídalos de nuevo con «retry» o anote lo comprobado con «settle».',
  REJECTED:
    'La DGII no anuló los números. Corrija lo que indican sus mensajes y pídalos de nuevo con «retry»; no se emitirán.',
  REVIEW:
    'Un envío quedó sin respuesta y otro fue rechazado: puede que el primero los anulara. Compruébelo en la OFV de la DGII y anótelo con «settle».',
};

/** As its tenant is told of it, without the numbers. */
export function presentSummary(row: EncfVoidRecord): VoidSummary {
  const state = stateOf(row.state);
  if (!isEnvironment(row.environment)) throw new Error(`unknown environment ${row.environment}`);
  const self = `/tenant/sequences/voids/${row.id}`;
  return {
    id: row.id,
    environment: row.environment,
    state,
    count: String(row.quantity),
    reason: row.reason,
    requestedBy: row.requestedBy,
    dgii: { codigo: row.dgiiCodigo, mensajes: messages.parse(row.dgiiMensajes ?? []) },
    unanswered: row.unanswered,
    lastError: row.lastError,
    retries: row.retries,
    advice: ADVICE[state] ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    links: { self, xml: `${self}/xml` },
  };
}

export function presentVoid(
  row: EncfVoidRecord,
  ranges: readonly EncfVoidRangeRecord[],
): VoidResource {
  return {
    ...presentSummary(row),
    ranges: ranges.map(({ tipo, first, last, outcome }) => {
      const code = String(tipo) as TipoEcfCode;
      return {
        tipo: code,
        first: encfOf(code, first),
        last: encfOf(code, last),
        outcome: outcomeOf(outcome),
      };
    }),
  };
}

export function stateOf(text: string): VoidState {
  const state = VOID_STATES.find((one) => one === text);
  if (state === undefined) throw new Error(`unknown state of a void request: ${text}`);
  return state;
}

function outcomeOf(text: string): VoidOutcome {
  const outcome = VOID_OUTCOMES.find((one) => one === text);
  if (outcome === undefined) throw new Error(`unknown outcome of a void: ${text}`);
  return outcome;
}

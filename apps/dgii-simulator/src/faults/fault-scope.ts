import { OPERATIONS, SERVICE_MAP, type Operation } from '../http/service-map.js';
import type { CallFaultKind, FaultOperation } from './fault.js';

/** Queries about a document: what they tell can be late, foreign, or another state. */
export const QUERIES = [
  'consultaresultado',
  'consultatrackids',
  'consultaestado',
  'consultarfce',
] as const satisfies readonly Operation[];
const RECEPTIONS = ['recepcion', 'recepcionfc'] as const satisfies readonly Operation[];

interface Scope {
  /** Operations that can be named. */
  readonly named: ReadonlySet<FaultOperation>;
  /** Operations hit when none is named. */
  readonly implied: ReadonlySet<FaultOperation>;
}

function scopeOf(named: readonly FaultOperation[], implied = named): Scope {
  return { named: new Set(named), implied: new Set(implied) };
}

const bearer = OPERATIONS.filter((operation) => SERVICE_MAP[operation].bearer);

/** Kinds that make sense for some operations only; every other kind can hit any call. */
const LIMITED: Readonly<Partial<Record<CallFaultKind, Scope>>> = {
  'early-401': scopeOf(bearer),
  'en-proceso': scopeOf(['recepcion']),
  late: scopeOf([...RECEPTIONS, ...QUERIES], RECEPTIONS),
  'status-flip': scopeOf(QUERIES),
  'repeated-trackid': scopeOf(['recepcion', 'consultatrackids']),
  foreign: scopeOf([
    'recepcion',
    'recepcionfc',
    ...QUERIES,
    'anulacionrangos',
    'directoriolistado',
    'directorioporrnc',
    'emisoracuse',
  ]),
};

const services: ReadonlySet<FaultOperation> = new Set(OPERATIONS);

/** Whether a fault of this kind may hit this call; `named` is the operation it asks for. */
export function reaches(
  kind: CallFaultKind,
  named: FaultOperation | undefined,
  operation: FaultOperation,
): boolean {
  if (named !== undefined) return named === operation;
  return LIMITED[kind]?.implied.has(operation) ?? services.has(operation);
}

/** Whether a kind makes sense for an operation at all. */
export function suits(kind: CallFaultKind, operation: FaultOperation): boolean {
  return LIMITED[kind]?.named.has(operation) ?? true;
}

/** Why a fault cannot name this operation, or undefined. */
export function scopeProblem(
  kind: CallFaultKind,
  operation: FaultOperation | undefined,
): string | undefined {
  if (operation === undefined || suits(kind, operation)) return undefined;
  const possible = [...(LIMITED[kind]?.named ?? [])].join(', ');
  return `${kind} cannot hit ${operation}, only: ${possible}`;
}

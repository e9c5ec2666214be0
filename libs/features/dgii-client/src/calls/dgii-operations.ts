/** DGII's hosts (Descripción Técnica v1.6, p. 6–7). */
export type Host = 'ecf' | 'fc' | 'statusecf';

interface OperationFacts {
  /** Where it lives: calls to one host share its connections. */
  readonly host: Host;
  /** Whether asking twice does no harm. A document, an approval or a void is never sent twice. */
  readonly safe: boolean;
}

/** The calls that have a breaker and metrics of their own. */
const OPERATIONS = {
  semilla: { host: 'ecf', safe: true },
  // A semilla serves once: what became of the first try is not known, so a new one is fetched.
  validarsemilla: { host: 'ecf', safe: false },
  recepcion: { host: 'ecf', safe: false },
  recepcionfc: { host: 'fc', safe: false },
  consultaresultado: { host: 'ecf', safe: true },
  consultaestado: { host: 'ecf', safe: true },
  consultatrackids: { host: 'ecf', safe: true },
  consultarfce: { host: 'fc', safe: true },
  aprobacioncomercial: { host: 'ecf', safe: false },
  anulacionrangos: { host: 'ecf', safe: false },
  consultadirectorio: { host: 'ecf', safe: true },
  estatusservicios: { host: 'statusecf', safe: true },
} as const satisfies Record<string, OperationFacts>;

export type DgiiOperation = keyof typeof OPERATIONS;

export const DGII_OPERATIONS = Object.keys(OPERATIONS) as readonly DgiiOperation[];

export function hostOfOperation(operation: DgiiOperation): Host {
  return OPERATIONS[operation].host;
}

export function isSafe(operation: DgiiOperation): boolean {
  return OPERATIONS[operation].safe;
}

/** Whether a call without an answer leaves something signed in doubt; an unused token does not. */
export function leavesDoubt(operation: DgiiOperation): boolean {
  return !isSafe(operation) && operation !== 'validarsemilla';
}

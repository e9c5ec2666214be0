import type { Cell } from './sheets/columns.js';
import type { ExchangeLine } from './state/events.js';
import type { Estado, Postulation } from './state/postulation.js';
import {
  APPROVALS_GOAL,
  DATA_TEST_GOALS,
  PRINTED_KINDS,
  SIMULATION_GOALS,
  STEPS,
  type Step,
} from './state/steps.data.js';

export interface Count {
  readonly aceptados: number;
  readonly total: number;
}

/** Where an applicant is, as the portal's JSON and its page tell it. */
export interface Progress {
  readonly rnc: string;
  readonly razonSocial: string;
  readonly estado: Estado;
  readonly paso: Step;
  readonly nombrePaso: string;
  readonly pruebasDatos: {
    readonly intento: number;
    readonly descargado: boolean;
    readonly ecf: Count;
    readonly rfce: Count;
    readonly facturas: Count;
    /** e-NCF that are not accepted yet, in the order in which DGII wants them sent. */
    readonly pendientes: {
      readonly ecf: readonly string[];
      readonly rfce: readonly string[];
      readonly facturas: readonly string[];
    };
  };
  readonly aprobaciones: Count & { readonly descargado: boolean };
  readonly simulacion: Readonly<Record<string, Count>>;
  readonly representaciones: {
    readonly cargadas: readonly string[];
    readonly faltan: readonly string[];
    readonly rechazos: readonly string[];
    /** Where the QR of each document must lead, to be compared by whoever scans it. */
    readonly qr: Readonly<Record<string, string | null>>;
  };
  readonly comunicacion: {
    readonly recepcion: readonly ExchangeLine[];
    readonly aprobaciones: readonly ExchangeLine[];
  };
  readonly bitacora: readonly { readonly time: string; readonly text: string }[];
}

export function progressOf(postulation: Postulation): Progress {
  const { set, passed, approvals, approved, exchanges, step } = postulation;
  return {
    rnc: postulation.rnc,
    razonSocial: postulation.registration.razonSocial,
    estado: postulation.estado,
    paso: step,
    nombrePaso: STEPS[step],
    pruebasDatos: {
      intento: postulation.attempts,
      descargado: set !== undefined,
      ecf: { aceptados: passed.ecf.size, total: DATA_TEST_GOALS.ecf },
      rfce: { aceptados: passed.rfce.size, total: DATA_TEST_GOALS.rfce },
      facturas: { aceptados: passed.factura.size, total: DATA_TEST_GOALS.factura },
      pendientes: {
        ecf: pending(set?.ecf, passed.ecf).sort(byGroup),
        rfce: pending(set?.rfce, passed.rfce),
        facturas: pending(set?.factura, passed.factura),
      },
    },
    aprobaciones: {
      aceptados: approved.size,
      total: APPROVALS_GOAL,
      descargado: approvals !== undefined,
    },
    simulacion: simulationCounts(postulation),
    representaciones: printedOf(postulation),
    comunicacion: {
      recepcion: exchanges.recepcion ?? [],
      aprobaciones: exchanges.aprobaciones ?? [],
    },
    bitacora: [...postulation.log].reverse(),
  };
}

function pending(
  rows: ReadonlyMap<string, readonly Cell[]> | undefined,
  done: ReadonlySet<string>,
): string[] {
  return [...(rows?.keys() ?? [])].filter((encf) => !done.has(encf));
}

/** Notes go second, after what they modify (Proceso de Certificación, July 2025, p. 11). */
const byGroup = (one: string, other: string): number => groupOf(one) - groupOf(other);
const groupOf = (encf: string): number => (/^E3[34]/.test(encf) ? 2 : 1);

function simulationCounts(postulation: Postulation): Record<string, Count> {
  const kinds = Object.entries(SIMULATION_GOALS) as [keyof typeof SIMULATION_GOALS, number][];
  return Object.fromEntries(
    kinds.map(([kind, total]) => [kind, { aceptados: postulation.countOf(kind), total }]),
  );
}

function printedOf({ printed, reviewProblems, simulated }: Postulation) {
  const documents = [...simulated.values()].filter(({ kind }) => kind !== 'factura');
  return {
    cargadas: [...printed.keys()],
    faltan: PRINTED_KINDS.filter((kind) => !printed.has(kind)),
    rechazos: reviewProblems,
    qr: Object.fromEntries(documents.map(({ encf, qr }) => [encf, qr])),
  };
}

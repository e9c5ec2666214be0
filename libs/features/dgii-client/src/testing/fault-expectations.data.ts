import type { FaultKind, FaultOperation } from '@getupnet/dgii-simulator';
import type { OperationClass } from './operations-under-test.js';

/** By operation or, for the others, by class; `good` is what the operation says without faults. */
export type Expected = Readonly<Partial<Record<OperationClass | FaultOperation, string>>>;

export interface Row {
  /** Fields of the fault besides its kind, one set for each variant. */
  readonly variants: readonly object[];
  /** When it hits one call. */
  readonly once: Expected;
  /** When it hits every call; null where time is all that would be learned. */
  readonly always: Expected | null;
  /** Whether DGII processed an upload that it hit. */
  readonly processed: boolean;
  /** Whether the client may have to repeat a query. Never an upload. */
  readonly repeats: boolean;
  /** How long the call that it hits is waited for, where the client's own limit is too long. */
  readonly patienceMs?: number;
  /** Where a single cell differs, by operation and name of the cell. */
  readonly exceptions?: Readonly<Record<string, string>>;
}

/** Something came back from which nothing follows, or nothing came back. */
const BROKEN = {
  variants: [{}],
  once: { upload: 'unknown', query: 'good', semilla: 'good', validarsemilla: 'unavailable' },
  always: { upload: 'unknown', query: 'unavailable', token: 'unavailable' },
  processed: false,
  repeats: true,
} as const satisfies Row;

const HARMLESS = {
  variants: [{}],
  once: { upload: 'good', query: 'good', token: 'good' },
  always: { upload: 'good', query: 'good', token: 'good' },
  processed: true,
  repeats: false,
} as const satisfies Row;

/** Short enough to wait for, long enough for an answer that comes. */
const IMPATIENT = { patienceMs: 500 };

const FOREIGN = {
  // A reception, an approval and a list of trackIds name nobody.
  recepcion: 'received',
  consultatrackids: 'tracked',
  recepcionfc: 'unknown',
  anulacionrangos: 'unknown',
  consultaresultado: 'foreign',
  consultaestado: 'unavailable',
  consultarfce: 'unavailable',
  // Told as it is: who asked compares.
  directorioporrnc: 'good',
  directoriolistado: 'good',
} as const;

const FLIPPED = {
  // The client hands DGII's word on; that a final state never changes is the recorder's affair.
  consultaresultado: 'REJECTED',
  consultatrackids: 'tracked',
  consultaestado: 'REJECTED',
  consultarfce: 'REJECTED',
} as const;

const LATE = {
  recepcion: 'received',
  recepcionfc: 'good',
  consultaresultado: 'pending',
  consultatrackids: 'none',
  consultaestado: 'none',
  consultarfce: 'none',
} as const;

/** What the client says under each kind of fault. The kinds of a whole DGII have tests of their own. */
export const EXPECTATIONS: Readonly<
  Record<Exclude<FaultKind, 'maintenance' | 'wrong-tls' | 'chaos'>, Row>
> = {
  delay: { ...HARMLESS, variants: [{ ms: 5 }] },
  status: {
    ...BROKEN,
    variants: [
      { status: 503 },
      { status: 500, body: 'empty' },
      { status: 429 },
      { status: 404 },
      { status: 400 },
    ],
  },
  html: BROKEN,
  empty: BROKEN,
  silent: { ...BROKEN, ...IMPATIENT, always: null },
  reset: BROKEN,
  down: BROKEN,
  'early-401': {
    ...HARMLESS,
    always: { upload: 'unavailable', query: 'unavailable' },
  },
  'answer-lost': { ...BROKEN, processed: true },
  'slow-body': { ...BROKEN, ...IMPATIENT, processed: true, always: null },
  truncated: { ...BROKEN, processed: true },
  oversize: { ...BROKEN, processed: true },
  'wrong-shape': {
    ...BROKEN,
    processed: true,
    variants: ['array', 'renamed', 'retyped', 'nested'].map((shape) => ({ shape })),
    exceptions: {
      // Only DGII can tell that it is not its own semilla.
      'semilla: wrong-shape retyped once': 'unavailable',
      // The fields are there, but what is in them makes no sense: looked at after the call.
      'consultaresultado: wrong-shape retyped once': 'unavailable',
      'consultatrackids: wrong-shape retyped once': 'unavailable',
      'consultaestado: wrong-shape retyped once': 'unavailable',
      'consultarfce: wrong-shape retyped once': 'unavailable',
      // Seen at DGII: one object or a list of it; states are told word by word.
      'directorioporrnc: wrong-shape array always': 'good',
      'verificarestado: wrong-shape array always': 'good',
      'obtenerestatus: wrong-shape retyped always': 'good',
      'obtenerventanasmantenimiento: wrong-shape retyped always': 'good',
    },
  },
  foreign: { ...HARMLESS, once: FOREIGN, always: FOREIGN },
  'status-flip': { ...HARMLESS, once: FLIPPED, always: FLIPPED },
  'repeated-trackid': HARMLESS,
  'en-proceso': { ...HARMLESS, variants: [{ polls: 2 }] },
  late: { ...HARMLESS, once: LATE, always: LATE },
};

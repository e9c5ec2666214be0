import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { z } from 'zod';
import { OPERATIONS, type Operation } from '../http/service-map.js';
import { STATUS_RESOURCES, type StatusResource } from '../http/status-resources.js';
import { chaosProblem, chaosShape } from './chaos-mix.js';
import { scopeProblem } from './fault-scope.js';

const MAX_DELAY_MS = 600_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** What a fault can name: DGII's services, and the resources of its status host. */
export const FAULT_OPERATIONS = [...OPERATIONS, ...STATUS_RESOURCES] as const;
export type FaultOperation = Operation | StatusResource;

const milliseconds = z.int().min(1).max(MAX_DELAY_MS);

const scope = {
  /** Which calls: all that match every given field. The status host only when it is named. */
  operation: z.enum(FAULT_OPERATIONS).optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  rnc: z.string().max(11).optional(),
  encf: z.string().max(13).optional(),
  /** How many calls it hits before it is spent. Default: until removed. */
  times: z.int().min(1).optional(),
  /** How many calls of each operation about one document it hits. Default: all. */
  perDocument: z.int().min(1).optional(),
  /** How many calls of each operation about one document go well first. Default 0. */
  after: z.int().min(1).optional(),
  /** Share of matching calls, drawn from seed, operation, document and attempt. Default 1. */
  probability: z.number().min(0).max(1).optional(),
};

/** Whether DGII processes the call all the same and only its answer is replaced. Default no. */
const processed = z.boolean().optional();

const DAY = /^(0[1-9]|[12]\d|3[01])-(0[1-9]|1[0-2])-\d{4}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Faults that hit one call. */
const callFaults = [
  /** Answers late, then as usual. */
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds, ...scope }),
  /** Answers this status; an HTML error page unless `body` says empty. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.enum(['html', 'empty']).optional(),
    processed,
    ...scope,
  }),
  /** Answers 200 with an HTML page. */
  z.strictObject({ kind: z.literal('html'), processed, ...scope }),
  /** Answers 200 with nothing in it. */
  z.strictObject({ kind: z.literal('empty'), processed, ...scope }),
  /** Takes the call and says nothing until the caller gives up. */
  z.strictObject({ kind: z.literal('silent'), processed, ...scope }),
  /** Closes the connection without processing. */
  z.strictObject({ kind: z.literal('reset'), ...scope }),
  /** Out of service: 503, and the status host says so. */
  z.strictObject({ kind: z.literal('down'), ...scope }),
  /** Refuses a token before its end; with `revoke`, all that the environment has given. */
  z.strictObject({ kind: z.literal('early-401'), revoke: z.boolean().optional(), ...scope }),
  /** Processes the call, then closes the connection instead of answering. */
  z.strictObject({ kind: z.literal('answer-lost'), ...scope }),
  /** Sends the answer's body so many bytes at a time. Default 1 byte a second. */
  z.strictObject({
    kind: z.literal('slow-body'),
    bytes: z.int().min(1).optional(),
    intervalMs: milliseconds.optional(),
    ...scope,
  }),
  /** Promises the whole body, sends a part (default half) and closes the connection. */
  z.strictObject({ kind: z.literal('truncated'), bytes: z.int().min(0).optional(), ...scope }),
  /** The answer, and blanks up to so many bytes. Default 1,500,000. */
  z.strictObject({
    kind: z.literal('oversize'),
    bytes: z.int().min(1).max(MAX_BYTES).optional(),
    ...scope,
  }),
  /** The answer in another shape: in a list, other names, other types, or below `data`. */
  z.strictObject({
    kind: z.literal('wrong-shape'),
    shape: z.enum(['array', 'renamed', 'retyped', 'nested']).optional(),
    ...scope,
  }),
  /** The answer about somebody else's document; without `field` every name in it. */
  z.strictObject({
    kind: z.literal('foreign'),
    field: z.enum(['rnc', 'encf', 'trackId']).optional(),
    ...scope,
  }),
  /** A query tells the other final state: Rechazado for Aceptado and the reverse. */
  z.strictObject({ kind: z.literal('status-flip'), ...scope }),
  /** A reception answers with the trackId before; the trackIds query lists each one twice. */
  z.strictObject({ kind: z.literal('repeated-trackid'), ...scope }),
  /** A document received now answers En Proceso for so many queries, or so long. */
  z.strictObject({
    kind: z.literal('en-proceso'),
    polls: z.int().min(1).optional(),
    ms: milliseconds.optional(),
    ...scope,
  }),
  /**
   * A document received now is not found for so many queries (default 1), or so long; naming a
   * query as operation, that query finds nothing.
   */
  z.strictObject({
    kind: z.literal('late'),
    queries: z.int().min(1).optional(),
    ms: milliseconds.optional(),
    ...scope,
  }),
] as const;

const callFaultSchema = z.discriminatedUnion('kind', callFaults);
/** A fault that hits single calls. */
export type Fault = z.infer<typeof callFaultSchema>;

/** Announced, and then out of service: by Dominican time, on each of these days. */
const maintenanceSchema = z.strictObject({
  kind: z.literal('maintenance'),
  environment: z.enum(ENVIRONMENTS),
  /** `dd-MM-yyyy`, as the status host writes them. */
  days: z.array(z.string().regex(DAY)).min(1).max(366),
  /** `HH:mm`; an end that is not after the start is of the next day. */
  from: z.string().regex(TIME),
  to: z.string().regex(TIME),
  /** What services do meanwhile. Default: 503 and an HTML page. */
  answer: z.enum(['html', 'reset']).optional(),
});
export type Maintenance = z.infer<typeof maintenanceSchema>;

/** New connections meet a certificate of another name, an ended one, or no handshake at all. */
const wrongTlsSchema = z.strictObject({
  kind: z.literal('wrong-tls'),
  certificate: z.enum(['name', 'expired', 'none']),
  times: scope.times,
  after: scope.after,
  probability: scope.probability,
});
export type WrongTls = z.infer<typeof wrongTlsSchema>;

/** Several faults at once, each call drawing at most one of them. */
const chaosSchema = z.strictObject({
  kind: z.literal('chaos'),
  ...chaosShape,
  operations: z.array(z.enum(FAULT_OPERATIONS)).min(1).optional(),
  environment: scope.environment,
  rnc: scope.rnc,
  perDocument: scope.perDocument,
});
export type Chaos = z.infer<typeof chaosSchema>;

const allFaults = [...callFaults, maintenanceSchema, wrongTlsSchema, chaosSchema] as const;

/** Every kind there is, for tables that must not forget one. */
export const FAULT_KINDS: readonly FaultKind[] = allFaults.map(({ shape }) => shape.kind.value);

/** A scripted fault: what the control API takes. */
export const faultSchema = z.discriminatedUnion('kind', allFaults).superRefine((fault, context) => {
  const problem = problemOf(fault);
  if (problem !== undefined) context.addIssue({ code: 'custom', ...problem });
});

function problemOf(fault: ScriptedFault): { path: string[]; message: string } | undefined {
  if (fault.kind === 'maintenance' || fault.kind === 'wrong-tls') return undefined;
  if (fault.kind === 'chaos') {
    const message = chaosProblem(fault, (entry) => callFaultSchema.safeParse(entry).success);
    return message === undefined ? undefined : { path: ['mix'], message };
  }
  const message = scopeProblem(fault.kind, fault.operation);
  return message === undefined ? undefined : { path: ['operation'], message };
}

export type ScriptedFault = Fault | Maintenance | WrongTls | Chaos;
export type FaultKind = ScriptedFault['kind'];
export type CallFaultKind = Fault['kind'];

/** The call a fault may hit. RNC and e-NCF come from the file's name or the query. */
export interface FaultTarget {
  readonly operation: FaultOperation;
  /** Null on the status host, which serves all of them. */
  readonly environment: Environment | null;
  readonly rnc: string | null;
  readonly encf: string | null;
  readonly at: Date;
}

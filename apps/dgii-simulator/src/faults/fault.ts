import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import { z } from 'zod';
import { OPERATIONS, type Operation } from '../http/service-map.js';

const MAX_DELAY_MS = 600_000;

const scope = {
  /** Which calls: all that match every given field. */
  operation: z.enum(OPERATIONS).optional(),
  environment: z.enum(ENVIRONMENTS).optional(),
  rnc: z.string().max(11).optional(),
  encf: z.string().max(13).optional(),
  /** How many calls it hits before it is spent. Default: until removed. */
  times: z.int().min(1).optional(),
  /** Share of matching calls, drawn from the simulator's seed. Default 1. */
  probability: z.number().min(0).max(1).optional(),
};

/** A scripted fault: what the control API takes. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answers late, then as usual. */
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(1).max(MAX_DELAY_MS), ...scope }),
  /** Answers this status without processing; an HTML error page unless `body` says empty. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.enum(['html', 'empty']).optional(),
    ...scope,
  }),
  /** Answers 200 with an HTML page without processing. */
  z.strictObject({ kind: z.literal('html'), ...scope }),
  /** Closes the connection without processing. */
  z.strictObject({ kind: z.literal('reset'), ...scope }),
  /** Processes the call, then closes the connection instead of answering. */
  z.strictObject({ kind: z.literal('answer-lost'), ...scope }),
  /** A document received now answers En Proceso for so many queries, or so long. */
  z.strictObject({
    kind: z.literal('en-proceso'),
    polls: z.int().min(1).optional(),
    ms: z.int().min(1).max(MAX_DELAY_MS).optional(),
    ...scope,
  }),
  /** Out of service: 503, and the status host says so. */
  z.strictObject({ kind: z.literal('down'), ...scope }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultKind = Fault['kind'];

/** The call a fault may hit. RNC and e-NCF come from the file's name or the query. */
export interface FaultTarget {
  readonly operation: Operation;
  readonly environment: Environment;
  readonly rnc: string | null;
  readonly encf: string | null;
}

import { z } from 'zod';
import type { Fault, Chaos } from './fault.js';

/** Kinds that a mix can hold, with what they do when it only states their share. */
const DEFAULTS = {
  delay: { ms: 2_000 },
  status: { status: 503 },
  html: {},
  empty: { processed: true },
  silent: { processed: true },
  reset: {},
  down: {},
  'early-401': {},
  'answer-lost': {},
  'slow-body': { bytes: 16, intervalMs: 500 },
  truncated: {},
  oversize: {},
  'wrong-shape': {},
  foreign: {},
  'status-flip': { after: 1 },
  'repeated-trackid': {},
  'en-proceso': { polls: 3 },
  late: { queries: 3 },
} as const satisfies Record<Fault['kind'], object>;
const KINDS = Object.keys(DEFAULTS) as [keyof typeof DEFAULTS, ...(keyof typeof DEFAULTS)[]];

/**
 * What a bad day at DGII is like. Answers that lie (foreign, status-flip, repeated-trackid) are
 * left out: they are incidents that a person must look at, so whoever wants them asks for them.
 */
export const DEFAULT_MIX: NonNullable<Chaos['mix']> = {
  'answer-lost': 0.05,
  delay: 0.05,
  status: 0.05,
  late: 0.05,
  'en-proceso': 0.05,
  html: 0.03,
  reset: 0.03,
  truncated: 0.02,
  empty: 0.02,
  'wrong-shape': 0.02,
  'slow-body': 0.02,
  oversize: 0.01,
  'early-401': 0.01,
};

const share = z.number().min(0).max(1);

/** Fields of a chaos: its seed, and the share of calls that each kind hits. */
export const chaosShape = {
  seed: z.union([z.string().min(1).max(100), z.int()]),
  mix: z.partialRecord(z.enum(KINDS), z.union([share, z.looseObject({ share })])).optional(),
};

/** One part of a mix: draws below `upTo`, and not below the part before, hit this fault. */
export interface MixPart {
  readonly upTo: number;
  readonly fault: Fault;
}

/** The mix as parts of the interval from 0 to 1. */
export function partsOf(chaos: Chaos): readonly MixPart[] {
  let upTo = 0;
  return entriesOf(chaos).map(({ portion, fault }) => {
    upTo += portion;
    // Its fields were checked when the chaos was set.
    return { upTo, fault: fault as Fault };
  });
}

function entriesOf({ mix }: Pick<Chaos, 'mix'>): { portion: number; fault: object }[] {
  return Object.entries(mix ?? DEFAULT_MIX).map(([kind, entry]) => {
    const defaults = DEFAULTS[kind as keyof typeof DEFAULTS];
    if (typeof entry === 'number') return { portion: entry, fault: { kind, ...defaults } };
    const { share: portion, ...fields } = entry;
    return { portion, fault: { kind, ...defaults, ...fields } };
  });
}

/** A little more than rounding can add. */
const SLACK = 1e-9;
/** What only a fault of its own can say: the chaos says it for all of its mix. */
const OWN_FIELDS = ['operation', 'environment', 'rnc', 'encf', 'times', 'probability'];

/** Why a mix cannot be, or undefined. */
export function chaosProblem(
  chaos: Pick<Chaos, 'mix'>,
  isFault: (entry: object) => boolean,
): string | undefined {
  const entries = entriesOf(chaos);
  if (entries.reduce((sum, { portion }) => sum + portion, 0) > 1 + SLACK) {
    return 'the shares add up to more than 1';
  }
  for (const { fault } of entries) {
    if (!isFault(fault) || OWN_FIELDS.some((field) => field in fault)) {
      return `not a fault of a mix: ${JSON.stringify(fault)}`;
    }
  }
  return undefined;
}

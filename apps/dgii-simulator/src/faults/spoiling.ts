import type { Environment } from '@getupnet/contracts';
import { htmlAnswer, textAnswer, type Answer } from '../http/answer.js';
import { WHOLE, type Manner } from '../http/delivery.js';
import { flippedAnswer, foreignAnswer, repeatedTrackId } from './false-answers.js';
import type { Fault, Maintenance } from './fault.js';
import { wronglyShaped } from './wrong-shape.js';

/** What a caller gets in place of the answer, and how. */
export interface Spoiled {
  readonly answer: Answer;
  readonly manner: Manner;
}

/** Of a call that got no answer at all. */
export const NO_STATUS = 0;

const NONE: Manner = { kind: 'none' };
const SILENT: Manner = { kind: 'silent' };
const NO_ANSWER = textAnswer(NO_STATUS, '');

const whole = (answer: Answer): Spoiled => ({ answer, manner: WHOLE });

/** Kinds that keep a call from its service, unless they say that it is processed all the same. */
export const BARRING = [
  'down',
  'status',
  'html',
  'empty',
  'silent',
  'reset',
  'early-401',
] as const satisfies readonly Fault['kind'][];
export type Barring = Extract<Fault, { kind: (typeof BARRING)[number] }>;

export function isProcessed(fault: Barring): boolean {
  return 'processed' in fault && fault.processed === true;
}

/** What a caller gets whose call is not processed. */
export function barred(fault: Barring | Maintenance): Spoiled {
  switch (fault.kind) {
    case 'html':
      return whole(htmlAnswer(200, 'Portal en mantenimiento'));
    case 'down':
      return whole(htmlAnswer(503, 'Service Unavailable'));
    case 'empty':
      return whole(textAnswer(200, ''));
    case 'silent':
      return { answer: NO_ANSWER, manner: SILENT };
    case 'reset':
      return { answer: NO_ANSWER, manner: NONE };
    case 'early-401':
      return whole(textAnswer(401, ''));
    case 'status':
      return whole(
        fault.body === 'empty'
          ? textAnswer(fault.status, '')
          : htmlAnswer(fault.status, `${fault.status} - Server Error`),
      );
    case 'maintenance':
      return fault.answer === 'reset'
        ? { answer: NO_ANSWER, manner: NONE }
        : whole(htmlAnswer(503, 'Servicio en mantenimiento'));
  }
}

/** Kinds that process the call and spoil its answer. */
export const SPOILING = [
  ...BARRING,
  'answer-lost',
  'slow-body',
  'truncated',
  'oversize',
  'wrong-shape',
  'foreign',
  'status-flip',
  'repeated-trackid',
] as const satisfies readonly Fault['kind'][];
export type Spoiling = Extract<Fault, { kind: (typeof SPOILING)[number] }>;

const DEFAULT_BYTES = 1;
const DEFAULT_INTERVAL_MS = 1_000;
/** Above the 1 MB that a careful client reads. */
const DEFAULT_OVERSIZE_BYTES = 1_500_000;

/** What becomes of a processed call's answer; undefined when it has nothing to spoil. */
export function spoiled(
  fault: Spoiling,
  answer: Answer,
  trackIdBefore: string | undefined,
): Spoiled | undefined {
  switch (fault.kind) {
    case 'answer-lost':
      return { answer, manner: NONE };
    case 'slow-body': {
      const { bytes = DEFAULT_BYTES, intervalMs = DEFAULT_INTERVAL_MS } = fault;
      return { answer, manner: { kind: 'slow', bytes, intervalMs } };
    }
    case 'truncated':
      return { answer, manner: { kind: 'cut', bytes: fault.bytes } };
    case 'oversize':
      return whole(padded(answer, fault.bytes ?? DEFAULT_OVERSIZE_BYTES));
    case 'wrong-shape':
      return whole(wronglyShaped(answer, fault.shape));
    case 'foreign':
      return optional(foreignAnswer(answer, fault.field));
    case 'status-flip':
      return optional(flippedAnswer(answer));
    case 'repeated-trackid':
      return optional(repeatedTrackId(answer, trackIdBefore));
    default:
      return isProcessed(fault) ? barred(fault) : undefined;
  }
}

function optional(answer: Answer | undefined): Spoiled | undefined {
  return answer === undefined ? undefined : whole(answer);
}

function padded(answer: Answer, bytes: number): Answer {
  const missing = Math.max(0, bytes - Buffer.byteLength(answer.body));
  return { ...answer, body: answer.body + ' '.repeat(missing) };
}

/** The last trackId answered in each environment: what a repetition repeats. */
export class LastTrackIds {
  private readonly last = new Map<Environment, string>();

  /** Remembers this one and tells the one before. */
  replace(environment: Environment, trackId: string): string | undefined {
    const before = this.last.get(environment);
    this.last.set(environment, trackId);
    return before;
  }
}

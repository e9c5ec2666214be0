import { setMaxListeners } from 'node:events';
import type { Environment } from '@getupnet/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallFaults, FaultBook, Hit } from '../faults/fault-book.js';
import type { Fault, Maintenance } from '../faults/fault.js';
import { magicOf } from '../faults/magic.js';
import {
  BARRING,
  LastTrackIds,
  SPOILING,
  barred,
  isProcessed,
  spoiled,
} from '../faults/spoiling.js';
import type { Handler } from '../services/call.js';
import type { Tokens } from '../services/tokens.js';
import type { DocumentStore } from '../state/document-store.js';
import type { LateVisibility, Ledger } from '../state/ledger.js';
import { parameterProblem, textAnswer, type Answer } from './answer.js';
import { fileOf, lowerCaseKeys, subjectOf, wantsXml } from './arrival.js';
import { isRecorded, lineOf, type Arrival, type Outcome } from './call-line.js';
import { WHOLE, deliver, hangUp, waited } from './delivery.js';
import { SERVICE_MAP, type Operation } from './service-map.js';
import type { StatusResource } from './status-resources.js';

export interface ExchangeParts {
  readonly now: () => Date;
  readonly handlers: Readonly<Record<Operation, Handler>>;
  /** The same services of a DGII that has never heard of any document. */
  readonly blind: Readonly<Record<Operation, Handler>>;
  readonly faults: FaultBook;
  readonly tokens: Tokens;
  readonly ledger: Ledger;
  readonly store: DocumentStore;
  /** Whether buyers and totals can hide a document or lose its answer. */
  readonly magicValues: boolean;
}

interface ServiceArrival extends Arrival {
  readonly operation: Operation;
  readonly environment: Environment;
}

/** What the service itself made of a call. */
interface Served {
  readonly answer: Answer;
  readonly processed: boolean;
  readonly hits: readonly Hit<Fault>[];
  /** Kind of a fault that hit an earlier call and shows in this one. */
  readonly aftermath?: Fault['kind'];
  readonly late?: LateVisibility;
  /** The document's own values lose the answer. */
  readonly isLost?: boolean;
  /** When it was processed. */
  readonly at: Date;
}

const RECEPTIONS: ReadonlySet<Operation> = new Set(['recepcion', 'recepcionfc']);

type Late = Pick<Extract<Fault, { kind: 'late' }>, 'queries' | 'ms'>;
const LOST = { kind: 'answer-lost' } as const satisfies Fault;

/** What happens around every service: faults, token, upload, ledger line, answer or silence. */
export class Exchange {
  private readonly end = new AbortController();
  private readonly lastTrackIds = new LastTrackIds();

  constructor(private readonly parts: ExchangeParts) {
    // Every call held back listens, and there may be any number of them.
    setMaxListeners(0, this.end.signal);
  }

  async run(
    operation: Operation,
    environment: Environment,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const query = lowerCaseKeys(request.query);
    const file = SERVICE_MAP[operation].document ? fileOf(request) : undefined;
    const subject = subjectOf(query, file, this.parts.store);
    const at = this.parts.now();
    const arrival = { operation, environment, query, file, request, at, ...subject };
    await this.attend(arrival, reply, (faults) => this.serve(arrival, faults));
  }

  /** The same for a resource of the status host, which has no token, upload or environment. */
  async runStatus(
    resource: StatusResource,
    answer: () => Answer,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const nobody = { environment: null, rnc: null, encf: null, file: undefined };
    const query = lowerCaseKeys(request.query);
    const arrival = { operation: resource, query, request, at: this.parts.now(), ...nobody };
    await this.attend(arrival, reply, () => {
      return { answer: answer(), processed: true, hits: [], at: this.parts.now() };
    });
  }

  /** Lets no call wait any longer: what a fault holds back is hung up. */
  close(): void {
    this.end.abort();
  }

  private async attend(
    arrival: Arrival,
    reply: FastifyReply,
    serve: (faults: CallFaults) => Served | Promise<Served>,
  ): Promise<void> {
    const { request } = arrival;
    const faults = this.parts.faults.of(arrival);
    const bar = this.parts.faults.maintenance(arrival) ?? this.barring(arrival, faults);
    if (bar !== undefined) return this.finish(arrival, this.barredOutcome(bar, arrival), reply);
    const delay = faults.take(['delay']);
    if (delay !== undefined && !(await waited(delay.fault.ms, this.end.signal))) {
      return hangUp(request, reply);
    }
    const pending = serve(faults);
    // No turn of the event loop between judging and the ledger's line: lines are in order of time.
    const served = pending instanceof Promise ? await pending : pending;
    const hits = delay === undefined ? served.hits : [delay, ...served.hits];
    const outcome = this.servedOutcome(arrival, { ...served, hits }, faults);
    await this.finish(arrival, { ...outcome, isDelayed: delay !== undefined }, reply);
  }

  private barring(arrival: Arrival, faults: CallFaults): ReturnType<typeof takeBarring> {
    const hit = takeBarring(faults);
    if (hit?.fault.kind !== 'early-401' || hit.fault.revoke !== true) return hit;
    const { environment, at } = arrival;
    if (environment === null) return hit;
    this.parts.tokens.endAll(environment);
    this.parts.ledger.note({ control: { action: 'tokens-ended', environment } }, at);
    return hit;
  }

  private barredOutcome(
    { id, fault }: Hit<Parameters<typeof barred>[0]>,
    { at }: Arrival,
  ): Outcome {
    const { answer, manner } = barred(fault);
    const withheld = manner.kind !== 'whole';
    const fate = { processed: false, withheld, fault: fault.kind, faultIds: [id] };
    return { answer, manner, ...fate, at };
  }

  private servedOutcome(arrival: Arrival, served: Served, faults: CallFaults): Outcome {
    const { answer, processed, hits, aftermath } = served;
    const before = this.trackIdBefore(arrival, answer);
    const spoiler = processed
      ? faults.take(SPOILING, (fault) => spoiled(fault, answer, before) !== undefined)
      : undefined;
    const spoiling = spoiler?.fault ?? (served.isLost === true ? LOST : undefined);
    const given = spoiling && spoiled(spoiling, answer, before);
    const gone = arrival.request.raw.socket.destroyed;
    return {
      ...(given ?? { answer, manner: WHOLE }),
      processed,
      withheld: spoiling !== undefined || (processed && gone),
      fault: spoiling?.kind ?? aftermath ?? hits.at(-1)?.fault.kind ?? null,
      faultIds: [...hits, ...(spoiler === undefined ? [] : [spoiler])].map(({ id }) => id),
      record: answer.record,
      late: served.late,
      at: served.at,
    };
  }

  private trackIdBefore({ environment }: Arrival, { record }: Answer): string | undefined {
    const trackId = record?.trackId;
    if (environment === null || typeof trackId !== 'string') return undefined;
    return this.lastTrackIds.replace(environment, trackId);
  }

  private serve(arrival: ServiceArrival, faults: CallFaults): Served | Promise<Served> {
    const at = this.parts.now();
    const refused = (answer: Answer): Served => ({ answer, processed: false, hits: [], at });
    const holder = this.holderOf(arrival, at);
    if (holder === undefined) return refused(textAnswer(401, ''));
    const missing = missingFile(arrival);
    if (missing !== undefined) return refused(missing);
    const { operation, environment, query, file, request } = arrival;
    const pending = faults.take(['en-proceso']);
    const late = faults.take(['late']);
    const isHidden = this.parts.faults.late.hides({ ...arrival, at });
    const isBlind = isHidden || (late !== undefined && file === undefined);
    const result = this.parts[isBlind ? 'blind' : 'handlers'][operation]({
      operation,
      environment,
      holder,
      query,
      file,
      body: request.body,
      wantsXml: wantsXml(request.headers.accept),
      now: at,
      enProceso: { polls: pending?.fault.polls ?? 0, ms: pending?.fault.ms ?? 0 },
    });
    const hits = [pending, late].filter((hit) => hit !== undefined);
    const done = (answer: Answer, when: Date): Served => ({
      answer,
      processed: true,
      hits,
      ...(isHidden ? ({ aftermath: 'late' } as const) : {}),
      ...(isBlind ? {} : this.consequences(arrival, answer, late?.fault, when)),
      at: when,
    });
    if (!(result instanceof Promise)) return done(result, at);
    return result.then((answer) => done(answer, this.parts.now()));
  }

  /** What a fault or the document's own values do to what was taken now. */
  private consequences(
    arrival: ServiceArrival,
    { record }: Answer,
    fault: Late | undefined,
    at: Date,
  ): Pick<Served, 'late' | 'isLost' | 'aftermath'> {
    const codigo = record?.codigo ?? null;
    if (codigo === null || !RECEPTIONS.has(arrival.operation)) return {};
    const facts = this.parts.magicValues && codigo === '1' ? record?.facts : null;
    const magic = facts === null || facts === undefined ? undefined : magicOf(facts);
    const { lateQueries, answerLost = false } = magic ?? {};
    const wanted = fault ?? (lateQueries === undefined ? undefined : { queries: lateQueries });
    if (wanted === undefined) return answerLost ? { isLost: true } : {};
    const late = lateVisibility(wanted, at);
    const { rnc = arrival.rnc, encf = arrival.encf } = record ?? {};
    this.parts.faults.late.hide({ environment: arrival.environment, rnc, encf }, late);
    return { late, aftermath: 'late' };
  }

  /** Whose token opens the service; null where it wants none, undefined when none opens it. */
  private holderOf(arrival: ServiceArrival, at: Date): string | null | undefined {
    if (!SERVICE_MAP[arrival.operation].bearer) return null;
    const { authorization } = arrival.request.headers;
    return this.parts.tokens.holderOf(authorization, arrival.environment, at.getTime());
  }

  /** The line first, on the disk where that is wanted, and only then the answer. */
  private async finish(arrival: Arrival, outcome: Outcome, reply: FastifyReply): Promise<void> {
    if (isRecorded(arrival, outcome)) {
      this.parts.ledger.append(lineOf(arrival, outcome));
      await this.parts.ledger.durable();
    }
    const { answer, manner } = outcome;
    await deliver(answer, manner, { request: arrival.request, reply, end: this.end.signal });
  }
}

function lateVisibility({ queries, ms }: Late, at: Date): LateVisibility {
  return {
    queries: queries ?? (ms === undefined ? 1 : 0),
    until: new Date(at.getTime() + (ms ?? 0)).toISOString(),
  };
}

function missingFile({ operation, file }: ServiceArrival): Answer | undefined {
  if (!SERVICE_MAP[operation].document || file !== undefined) return undefined;
  return parameterProblem('xml', 'The xml field is required.');
}

function takeBarring(
  faults: CallFaults,
): Hit<Extract<Fault, { kind: (typeof BARRING)[number] }> | Maintenance> | undefined {
  return faults.take(BARRING, (fault) => !isProcessed(fault));
}

import type { Environment } from '@getupnet/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../faults/fault.js';
import type { FaultBook } from '../faults/fault-book.js';
import type { Handler, ReceivedFile } from '../services/call.js';
import type { Tokens } from '../services/tokens.js';
import type { DocumentStore } from '../state/document-store.js';
import type { Ledger, LedgerDraft, LedgerEntry } from '../state/ledger.js';
import { htmlAnswer, parameterProblem, textAnswer, type Answer } from './answer.js';
import { uploadedFile } from './multipart.js';
import { SERVICE_MAP, type Operation } from './service-map.js';

export interface ExchangeParts {
  readonly now: () => Date;
  readonly handlers: Readonly<Record<Operation, Handler>>;
  readonly faults: FaultBook;
  readonly tokens: Tokens;
  readonly ledger: Ledger;
  readonly store: DocumentStore;
}

interface Arrival {
  readonly operation: Operation;
  readonly environment: Environment;
  readonly query: Readonly<Record<string, string>>;
  readonly file: ReceivedFile | undefined;
  readonly rnc: string | null;
  readonly encf: string | null;
  readonly at: Date;
}

/** A call that reached its service. */
interface Admitted {
  readonly arrival: Arrival;
  readonly holder: string | undefined;
  /** Kind of the fault that delayed it. */
  readonly delayed: string | null;
}

type Blocking = Extract<Fault, { kind: 'down' | 'status' | 'html' | 'reset' }>;

/** Of a call that got no answer at all. */
const NO_STATUS = 0;

const UNPROCESSED = { processed: false, fault: null } as const;

/**
 * Queries that a client makes to find out what became of a document leave a line as well, and what
 * the emisor-receptor sends.
 */
const RECORDED: ReadonlySet<Operation> = new Set([
  'consultaestado',
  'consultatrackids',
  'consultarfce',
  'emisoremision',
  'emisoraprobacion',
]);

/** What happens around every service: faults, token, upload, ledger line, answer or silence. */
export class Exchange {
  constructor(private readonly parts: ExchangeParts) {}

  async run(
    operation: Operation,
    environment: Environment,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const arrival = this.arrivalOf(operation, environment, request);
    const blocking = this.parts.faults.take(arrival, ['down', 'status', 'html', 'reset']);
    if (blocking !== undefined) return this.block(blocking, arrival, request, reply);
    const delay = this.parts.faults.take(arrival, ['delay']);
    if (delay !== undefined) await wait(delay.ms);
    const holder = this.holderOf(arrival, request);
    const refusal = refusalOf(arrival, holder);
    if (refusal !== undefined) {
      await this.record(arrival, refusal, UNPROCESSED, 'delivered');
      return send(refusal, reply);
    }
    await this.process({ arrival, holder, delayed: delay?.kind ?? null }, request, reply);
  }

  private async process(
    { arrival, holder, delayed }: Admitted,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { operation } = arrival;
    const answer = await this.parts.handlers[operation]({
      operation,
      environment: arrival.environment,
      holder: holder ?? null,
      query: arrival.query,
      file: arrival.file,
      body: request.body,
      wantsXml: wantsXml(request.headers.accept),
      now: this.parts.now(),
      enProceso: this.enProceso(arrival),
    });
    const lost = this.parts.faults.take(arrival, ['answer-lost']);
    const withheld = lost !== undefined || request.raw.socket.destroyed;
    const fate = { processed: true, fault: lost?.kind ?? delayed };
    await this.record(arrival, answer, fate, withheld ? 'withheld' : 'delivered');
    if (withheld) return hangUp(request, reply);
    send(answer, reply);
  }

  private enProceso(arrival: Arrival): { polls: number; ms: number } {
    if (arrival.operation !== 'recepcion') return { polls: 0, ms: 0 };
    const fault = this.parts.faults.take(arrival, ['en-proceso']);
    return { polls: fault?.polls ?? 0, ms: fault?.ms ?? 0 };
  }

  private async block(
    fault: Blocking,
    arrival: Arrival,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const answer = blockedAnswer(fault);
    const fate = { processed: false, fault: fault.kind };
    const silent = fault.kind === 'reset';
    await this.record(arrival, answer, fate, silent ? 'withheld' : 'delivered');
    if (silent) return hangUp(request, reply);
    send(answer, reply);
  }

  /** Who holds the token of a call that needs one. */
  private holderOf(arrival: Arrival, request: FastifyRequest): string | undefined {
    if (!SERVICE_MAP[arrival.operation].bearer) return undefined;
    const { authorization } = request.headers;
    const nowMs = this.parts.now().getTime();
    return this.parts.tokens.holderOf(authorization, arrival.environment, nowMs);
  }

  private arrivalOf(
    operation: Operation,
    environment: Environment,
    request: FastifyRequest,
  ): Arrival {
    const query = lowerCaseKeys(request.query);
    const file = SERVICE_MAP[operation].document ? fileOf(request) : undefined;
    return {
      operation,
      environment,
      query,
      file,
      ...this.subjectOf(query, file),
      at: this.parts.now(),
    };
  }

  /** Whom a call is about, before anything is opened: by file name, query or trackId. */
  private subjectOf(
    query: Readonly<Record<string, string>>,
    file: ReceivedFile | undefined,
  ): { readonly rnc: string | null; readonly encf: string | null } {
    const named = /^(\d{9}|\d{11})(E\d{12})\.xml$/i.exec(file?.fileName ?? '');
    if (named !== null) return { rnc: named[1] ?? null, encf: named[2]?.toUpperCase() ?? null };
    const tracked = this.parts.store.track(query['trackid'] ?? '');
    if (tracked !== undefined) return { rnc: tracked.rnc, encf: tracked.encf };
    return {
      rnc: query['rncemisor'] ?? query['rnc_emisor'] ?? null,
      encf: query['encf'] ?? query['ncfelectronico'] ?? null,
    };
  }

  private async record(
    arrival: Arrival,
    answer: Answer,
    fate: { readonly processed: boolean; readonly fault: string | null },
    outcome: LedgerEntry['answer'],
  ): Promise<void> {
    const { operation } = arrival;
    if (!SERVICE_MAP[operation].document && !RECORDED.has(operation)) return;
    this.parts.ledger.append({
      time: arrival.at.toISOString(),
      environment: arrival.environment,
      service: operation,
      rnc: arrival.rnc,
      encf: arrival.encf,
      sha256: arrival.file?.sha256 ?? null,
      ...EMPTY_LINE,
      ...answer.record,
      httpStatus: answer.status === NO_STATUS ? null : answer.status,
      answer: outcome,
      ...fate,
    });
    await this.parts.ledger.durable();
  }
}

const EMPTY_LINE = {
  trackId: null,
  codigo: null,
  mensajes: [],
  secuenciaUtilizada: null,
  visibleAt: null,
  pendingPolls: 0,
  facts: null,
} as const satisfies LedgerDraft;

function blockedAnswer(fault: Blocking): Answer {
  if (fault.kind === 'html') return htmlAnswer(200, 'Portal en mantenimiento');
  if (fault.kind === 'down') return htmlAnswer(503, 'Service Unavailable');
  if (fault.kind === 'reset' || fault.body === 'empty') {
    return textAnswer(fault.kind === 'reset' ? NO_STATUS : fault.status, '');
  }
  return htmlAnswer(fault.status, `${fault.status} - Server Error`);
}

/** What keeps a call from its service: no token, or no upload where one is wanted. */
function refusalOf(arrival: Arrival, holder: string | undefined): Answer | undefined {
  const entry = SERVICE_MAP[arrival.operation];
  if (entry.bearer && holder === undefined) return textAnswer(401, '');
  if (!entry.document || arrival.file !== undefined) return undefined;
  return parameterProblem('xml', 'The xml field is required.');
}

/** DGII reads a body without a real Content-Length as an empty form. */
function fileOf(request: FastifyRequest): ReceivedFile | undefined {
  const { body, headers } = request;
  if (!Buffer.isBuffer(body) || headers['content-length'] === undefined) return undefined;
  const file = uploadedFile(body, headers['content-type'] ?? '', 'xml');
  if (file === undefined) return undefined;
  return { ...file, sha256: createHash('sha256').update(file.bytes).digest('hex') };
}

export function lowerCaseKeys(query: unknown): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, value] of Object.entries(query ?? {})) {
    if (typeof value === 'string') result[key.toLowerCase()] = value;
  }
  return result;
}

function wantsXml(accept: string | undefined): boolean {
  return accept !== undefined && /\bxml\b/i.test(accept) && !/\bjson\b/i.test(accept);
}

export function send(answer: Answer, reply: FastifyReply): void {
  void reply.code(answer.status).header('content-type', answer.contentType).send(answer.body);
}

function hangUp(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

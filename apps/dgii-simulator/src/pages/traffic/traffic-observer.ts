import { ENVIRONMENTS, type Environment } from '@getupnet/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';
import { lowerCaseKeys } from '../../http/arrival.js';
import { OPERATIONS, SERVICE_MAP } from '../../http/service-map.js';
import { STATUS_RESOURCES } from '../../http/status-resources.js';
import type { LedgerEntry } from '../../state/ledger.js';
import { ESTADOS } from '../../state/verdict.js';
import { TrafficRing } from './traffic-ring.js';

/** What a screen shows of an answer, of a list, of a line. */
const MAX_ANSWER_CHARS = 4_000;
const MAX_LISTED = 20;

interface Place {
  readonly service: string;
  readonly environment: Environment | null;
}

/** A call that is being watched: what its hooks and its ledger line said so far. */
interface Watched extends Place {
  readonly round: number;
  readonly at: Date;
  readonly startedAtMs: number;
  readonly request: FastifyRequest;
  line?: LedgerEntry;
  answerText?: string;
}

const PLACES = placesByUrl();

/**
 * Sees every call go by, from outside of the exchange. While nobody watches, all it does is to keep
 * the last ledger lines; hooks, answers and durations cost something only while a page is open.
 */
export class TrafficObserver {
  private readonly current = new AsyncLocalStorage<Watched>();
  private readonly begun = new WeakMap<FastifyRequest, number>();
  private watchers = 0;
  private round = 0;

  constructor(
    private readonly now: () => Date,
    readonly ring = new TrafficRing(),
  ) {}

  attach(server: FastifyInstance): void {
    server.addHook('onRequest', (request, _reply, done) => {
      if (this.watchers > 0) this.begun.set(request, performance.now());
      done();
    });
    server.addHook('preHandler', (request, reply, done) => {
      if (this.watchers > 0) this.follow(request, reply, done);
      else done();
    });
    server.addHook('onSend', (_request, _reply, payload, done) => {
      const watched = this.watchers > 0 ? this.current.getStore() : undefined;
      if (watched !== undefined && typeof payload === 'string') {
        watched.answerText = payload.slice(0, MAX_ANSWER_CHARS);
      }
      done(null, payload);
    });
  }

  /** One more page is open. The returned function says that it was closed. */
  watch(): () => void {
    this.watchers += 1;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.watchers -= 1;
      if (this.watchers > 0) return;
      this.round += 1;
      // Node 20 tracks every promise for as long as a storage is in use.
      this.current.disable();
    };
  }

  /** A line of the ledger: part of the call that is being watched, or all there is of it. */
  line(entry: LedgerEntry): void {
    const watched = this.watchers > 0 ? this.current.getStore() : undefined;
    if (watched !== undefined) watched.line = entry;
    else this.ring.push(rowOf(entry));
  }

  private follow(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const place = PLACES.get(request.routeOptions.url ?? '');
    const startedAtMs = this.begun.get(request);
    if (place === undefined || startedAtMs === undefined) {
      done();
      return;
    }
    const watched: Watched = {
      ...place,
      round: this.round,
      at: this.now(),
      startedAtMs,
      request,
    };
    reply.raw.once('close', () => this.finish(watched, reply));
    this.current.run(watched, done);
  }

  private finish(watched: Watched, reply: FastifyReply): void {
    const { line } = watched;
    // Watched until now by nobody any more: its line, if it has one, came in the other way.
    if (line === undefined && watched.round !== this.round) return;
    const { raw } = reply;
    const query = lowerCaseKeys(watched.request.query);
    const shown = line === undefined ? undefined : rowOf(line);
    const told = (name: string): string | null => textIn(watched.answerText ?? '', name);
    this.ring.push({
      time: line?.time ?? watched.at.toISOString(),
      environment: watched.environment,
      service: watched.service,
      rnc: line?.rnc ?? query['rncemisor'] ?? query['rnc_emisor'] ?? query['rnc'] ?? told('rnc'),
      encf: line?.encf ?? query['encf'] ?? query['ncfelectronico'] ?? told('encf'),
      httpStatus: raw.headersSent ? raw.statusCode : (line?.httpStatus ?? null),
      verdict: shown?.verdict ?? told('estado'),
      fault: line?.fault ?? null,
      durationMs: performance.now() - watched.startedAtMs,
      answer: line?.answer ?? (raw.writableFinished ? 'delivered' : 'withheld'),
      line: shown?.line ?? null,
      answerText: watched.answerText ?? null,
    });
  }
}

function placesByUrl(): ReadonlyMap<string, Place> {
  const services = OPERATIONS.flatMap((service) => {
    const { host, environments, path } = SERVICE_MAP[service];
    return ENVIRONMENTS.filter((environment) => environments.includes(environment)).map(
      (environment) => [`/${host}/${environment}${path}`, { service, environment }] as const,
    );
  });
  const status = STATUS_RESOURCES.map(
    (service) =>
      [`/statusecf/api/estatusservicios/${service}`, { service, environment: null }] as const,
  );
  return new Map<string, Place>([...services, ...status]);
}

function rowOf(entry: LedgerEntry): Parameters<TrafficRing['push']>[0] {
  return {
    time: entry.time,
    environment: entry.environment,
    service: entry.service,
    rnc: entry.rnc,
    encf: entry.encf,
    httpStatus: entry.httpStatus,
    verdict: wordOf(entry),
    fault: entry.fault,
    durationMs: null,
    answer: entry.answer,
    line: shortened(entry),
    answerText: null,
  };
}

/** A void request may list thousands of ranges, a mix of faults be long: a screen needs less. */
function shortened(entry: LedgerEntry): LedgerEntry {
  if (entry.mensajes.length <= MAX_LISTED && !entry.voided && !entry.control) return entry;
  const { voided, mensajes, control, ...rest } = entry;
  return {
    ...rest,
    mensajes: mensajes.slice(0, MAX_LISTED),
    ...(voided === undefined ? {} : { voided: voided.slice(0, MAX_LISTED) }),
    ...(control === undefined || JSON.stringify(control).length > MAX_ANSWER_CHARS
      ? {}
      : { control }),
  };
}

const APPROVAL = { '1': 'Aprobada', '2': 'Rechazada' } as const;
const DONE = { '1': 'Conforme', '2': 'Rechazado' } as const;
/** What a code means depends on who gave it; the others are a document's verdict. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aprobacioncomercial: APPROVAL,
  receptoraprobacion: APPROVAL,
  anulacionrangos: DONE,
  emisoremision: DONE,
  emisoraprobacion: DONE,
  receptorrecepcion: { '0': 'Recibido', '1': 'No recibido' },
};

function wordOf({ service, codigo, control }: LedgerEntry): string | null {
  if (control !== undefined) return control.action;
  if (codigo === null) return null;
  const words: Readonly<Record<string, string>> = WORDS[service] ?? ESTADOS;
  return Object.hasOwn(words, codigo) ? (words[codigo] ?? null) : codigo;
}

/** A text of an answer, JSON or XML. */
function textIn(answer: string, name: string): string | null {
  const found = new RegExp(`"${name}":"([^"]{1,60})"|<${name}>([^<]{1,60})<`).exec(answer);
  return found?.[1] ?? found?.[2] ?? null;
}

import type { Logger as Pino } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { currentContext, type RequestContext } from '../context/request-context.js';
import { SECURITY_EVENTS, type SecurityEventType, type Severity } from './event-types.js';

/** What is known of an event besides who and where; never a credential. */
export type SecurityDetails = Readonly<Record<string, string | number | boolean>>;

/** Something that happened which somebody in charge of security may want to know. */
export interface SecurityEvent {
  readonly type: SecurityEventType;
  readonly severity: Severity;
  readonly traceId: string | undefined;
  readonly service: string | undefined;
  readonly tenantId: string | undefined;
  /** As in the access log: `api-key:<id>`, `user:<id>`, `billing/v1`. */
  readonly caller: string | undefined;
  /** The client's address. */
  readonly remote: string | undefined;
  readonly details: SecurityDetails;
}

/** Takes every event, at once and without waiting: the audit's outbox, for example. */
export type SecuritySink = (event: SecurityEvent) => void | Promise<void>;

/** Where critical events are told to people. */
export abstract class AlertChannel {
  /** Rejects when nobody was told; the signal aborts when the time is up. */
  abstract send(event: SecurityEvent, signal: AbortSignal): Promise<void>;
}

export interface SecurityEventsOptions {
  readonly logger: Pino;
  readonly registry: Registry;
  readonly alertTimeoutMs?: number;
}

/** A channel that does not answer costs no more than this. */
const ALERT_TIMEOUT_MS = 5_000;
/** Alerts on their way at once; a storm of them is counted, not told one by one. */
const MAX_ALERTS = 10;
/** Lines a second of one type; the counter stays exact, the log stays readable. */
const MAX_LINES = 20;
const LINES_WINDOW_MS = 1_000;
const MAX_TEXT = 200;

interface Window {
  startedMs: number;
  lines: number;
  withheld: number;
}

/**
 * The process's security events: each is a log line and a count, goes to every sink, and to the alert
 * channel when critical. Emitting never throws and never waits.
 */
export class SecurityEvents {
  readonly #logger: Pino;
  readonly #count: Counter<'type' | 'severity'>;
  readonly #alertFailures: Counter;
  readonly #alertTimeoutMs: number;
  readonly #sinks: SecuritySink[] = [];
  readonly #windows = new Map<SecurityEventType, Window>();
  #channel: AlertChannel | undefined;
  #alertsUnderWay = 0;

  constructor({ logger, registry, alertTimeoutMs }: SecurityEventsOptions) {
    this.#logger = logger;
    this.#alertTimeoutMs = alertTimeoutMs ?? ALERT_TIMEOUT_MS;
    this.#count = new Counter({
      name: 'security_events_total',
      help: 'Security events by type and severity.',
      labelNames: ['type', 'severity'],
      registers: [registry],
    });
    for (const [type, severity] of Object.entries(SECURITY_EVENTS)) {
      this.#count.inc({ type, severity }, 0);
    }
    this.#alertFailures = new Counter({
      name: 'security_alert_failures_total',
      help: 'Critical events that the alert channel did not take.',
      registers: [registry],
    });
  }

  addSink(sink: SecuritySink): void {
    this.#sinks.push(sink);
  }

  alertThrough(channel: AlertChannel): void {
    this.#channel = channel;
  }

  /** Of the request or job being worked on, unless told of another. */
  emit(type: SecurityEventType, details: SecurityDetails = {}, context?: RequestContext): void {
    const of = context ?? currentContext();
    const event: SecurityEvent = {
      type,
      severity: SECURITY_EVENTS[type],
      traceId: of?.traceId,
      service: of?.service,
      tenantId: of?.tenantId,
      caller: of?.caller,
      remote: of?.remote,
      details: shortened(details),
    };
    this.#count.inc({ type, severity: event.severity });
    this.#log(event);
    for (const sink of this.#sinks) this.#give(event, sink);
    if (event.severity === 'critical') this.#alert(event);
  }

  #log(event: SecurityEvent): void {
    const withheld = this.#mayLog(event.type);
    if (withheld === undefined) return;
    const { type, severity, caller, remote, details } = event;
    const line = {
      // The members of the request, also where the event is told outside of it.
      ...(event.traceId === undefined ? {} : { trace_id: event.traceId }),
      ...(event.tenantId === undefined ? {} : { tenant_id: event.tenantId }),
      event: type,
      severity,
      caller,
      remote,
      details,
      ...(withheld === 0 ? {} : { withheld }),
    };
    this.#logger[LEVELS[severity]](line, 'security event');
  }

  /** How many lines of the type were withheld before this one; undefined: withhold this one too. */
  #mayLog(type: SecurityEventType): number | undefined {
    const nowMs = performance.now();
    const window = this.#windows.get(type);
    if (window === undefined || nowMs - window.startedMs >= LINES_WINDOW_MS) {
      this.#windows.set(type, { startedMs: nowMs, lines: 1, withheld: 0 });
      return window?.withheld ?? 0;
    }
    window.lines += 1;
    if (window.lines <= MAX_LINES) return 0;
    window.withheld += 1;
    return undefined;
  }

  #give(event: SecurityEvent, sink: SecuritySink): void {
    const onError = (err: unknown): void =>
      this.#logger.error({ err, event: event.type }, 'a sink did not take a security event');
    try {
      const taking = sink(event);
      if (taking !== undefined) taking.catch(onError);
    } catch (error) {
      onError(error);
    }
  }

  #alert(event: SecurityEvent): void {
    const channel = this.#channel;
    if (channel === undefined) return;
    if (this.#alertsUnderWay >= MAX_ALERTS) {
      this.#alertFailures.inc();
      return;
    }
    this.#alertsUnderWay += 1;
    send(channel, event, this.#alertTimeoutMs)
      .catch((err: unknown) => {
        this.#alertFailures.inc();
        this.#logger.error({ err, event: event.type }, 'the alert channel did not take an event');
      })
      .finally(() => {
        this.#alertsUnderWay -= 1;
      });
  }
}

const LEVELS = { low: 'info', medium: 'warn', high: 'warn', critical: 'error' } as const;

/** Ends in time whatever the channel does with its signal. */
async function send(channel: AlertChannel, event: SecurityEvent, limitMs: number): Promise<void> {
  const controller = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(new Error('no answer in time')));
  });
  const timer = setTimeout(() => controller.abort(), limitMs);
  try {
    await Promise.race([channel.send(event, controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

function shortened(details: SecurityDetails): SecurityDetails {
  const entries = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.slice(0, MAX_TEXT) : value,
  ]);
  return Object.fromEntries(entries) as SecurityDetails;
}

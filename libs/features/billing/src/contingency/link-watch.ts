import { Inject, Injectable } from '@nestjs/common';
import type { DgiiSendOutcome, Environment } from '@getupnet/contracts';
import { Clock } from '@getupnet/kernel';
import { Config } from '@getupnet/platform';
import { billingEnv } from '../billing.env.js';
import { resumeWaitMs } from '../emission/back-off.js';
import type { EmissionDocument } from '../emission/emission-document.js';

type NotSent = Extract<DgiiSendOutcome, { kind: 'unavailable' }>;
/** What decides which way a document takes. */
export type Way = Pick<EmissionDocument, 'tenantId' | 'environment' | 'route'>;

/** The link to DGII is down: since when, and what it is called. */
export interface Outage {
  readonly since: Date;
  readonly reason: string;
}

interface Link {
  /** Monotonic: until then nothing is even tried. */
  closedUntilMs: number;
  /** Monotonic: the first failure since DGII last answered; null while it does. */
  downSinceMs: number | null;
  lastFailureMs: number;
  since: Date;
  reason: string;
  /** Told by DGII beforehand: no need to see whether it lasts. */
  announced: boolean;
}

/** Reasons that hold for every document of the same way. */
const FOR_ALL: ReadonlySet<string> = new Set(['maintenance', 'breaker.open']);
/** Reasons that say nothing of the link: our own services, credentials, permissions, queues. */
const NOT_THE_LINK =
  /^(cert|dependency|env|gate|sign|storage|tenant|token)\.|^(pacing|unsupported|internal)$|\.refused: |\.unsupported$|(^|\.)deadline$/;
/** Steps on the way to a token: what stops one taxpayer there does not stop those who have one. */
const AUTHENTICATION = /^(semilla|validarsemilla)\./;
/** Answers to one taxpayer's authentication that another one need not meet. */
const ITS_OWN = /^(semilla|validarsemilla)\.(http\.4\d\d(\.|$)|answer\.(wrong_shape|not_json)$)/;
/** Failures further apart belong to different outages. */
const FORGOTTEN_AFTER_MS = 300_000;
/** Those that wait to see whether it lasts look again so long after it is decided. */
const DECISION_MARGIN_MS = 500;

/** Whether a reason for not sending says that DGII is not there. */
export function isOfTheLink(reason: string): boolean {
  return !NOT_THE_LINK.test(reason) && !ITS_OWN.test(reason);
}

/**
 * The ways to DGII as this process sees them: closed for a while (breaker, maintenance), and down for
 * so long that a contingency begins. Only a hint, and it ends by itself: whoever does not have it is
 * told by the port, and what was decided upon it is in the tables. A taxpayer without a token because
 * DGII's authentication is away has an outage of its own, beside everybody's.
 */
@Injectable()
export class LinkWatch {
  /** By {@link keyOf} and, of those who come by no token, {@link ownKeyOf}. */
  private readonly links = new Map<string, Link>();
  private readonly returned: ((environment: Environment) => void)[] = [];
  private readonly contingencyAfterMs: number;

  constructor(
    private readonly clock: Clock,
    @Inject(Config) config: Config,
  ) {
    this.contingencyAfterMs = config.get(billingEnv).BILLING_CONTINGENCY_AFTER_MS;
  }

  /** Calls `handler` when DGII answers by a way that was down. */
  onReturn(handler: (environment: Environment) => void): void {
    this.returned.push(handler);
  }

  /** A document was certainly not sent: how long it waits. */
  notSent(way: Way, { reason, retryAfterMs }: NotSent): number {
    const waitMs = resumeWaitMs(retryAfterMs);
    if (!isOfTheLink(reason)) return waitMs;
    const nowMs = performance.now();
    const ofItsOwn = AUTHENTICATION.test(reason);
    const link = this.failed(ofItsOwn ? ownKeyOf(way) : keyOf(way), reason, nowMs);
    if (ofItsOwn) return Math.min(waitMs, this.untilDecidedMs(link, nowMs));
    // In an outage one try at a time is enough: nobody else meets what this one met.
    if (FOR_ALL.has(reason) || this.outage(way) !== null) {
      link.closedUntilMs = nowMs + Math.min(retryAfterMs, waitMs);
    }
    return Math.min(waitMs, this.untilDecidedMs(link, nowMs));
  }

  /** DGII took a document, judged it, or refused it in words: the link is there. */
  answered(way: Way): void {
    const keys = [keyOf(way), ownKeyOf(way)];
    const wasDown = keys.some((key) => typeof this.links.get(key)?.downSinceMs === 'number');
    for (const key of keys) this.links.delete(key);
    if (wasDown) for (const handler of this.returned) handler(way.environment);
  }

  /** How long a document waits before it is even tried; 0 when its way is open. */
  remainingMs(way: Way): number {
    const link = this.links.get(keyOf(way));
    if (link === undefined) return 0;
    const nowMs = performance.now();
    const leftMs = link.closedUntilMs - nowMs;
    if (leftMs <= 0) return 0;
    return Math.min(resumeWaitMs(Math.ceil(leftMs)), this.untilDecidedMs(link, nowMs));
  }

  /** The outage that makes documents of this way be issued in contingency; null while there is none. */
  outage(way: Way): Outage | null {
    return this.lasting(keyOf(way)) ?? this.lasting(ownKeyOf(way));
  }

  private lasting(key: string): Outage | null {
    const link = this.links.get(key);
    if (link === undefined || link.downSinceMs === null) return null;
    const nowMs = performance.now();
    // What was last met long ago is not made an outage by what is met now.
    const heldUntilMs = Math.max(link.lastFailureMs, link.closedUntilMs);
    if (nowMs - heldUntilMs > FORGOTTEN_AFTER_MS) return null;
    const lasts = nowMs - link.downSinceMs >= this.contingencyAfterMs;
    if (!lasts && !link.announced) return null;
    return { since: link.since, reason: link.reason };
  }

  private failed(key: string, reason: string, nowMs: number): Link {
    const known = this.links.get(key);
    const link = known ?? {
      closedUntilMs: 0,
      downSinceMs: null,
      lastFailureMs: nowMs,
      since: this.clock.now(),
      reason,
      announced: false,
    };
    if (link.downSinceMs === null || nowMs - link.lastFailureMs > FORGOTTEN_AFTER_MS) {
      link.downSinceMs = nowMs;
      link.since = this.clock.now();
    }
    link.lastFailureMs = nowMs;
    link.reason = reason;
    link.announced = reason === 'maintenance';
    this.links.set(key, link);
    return link;
  }

  /** Nobody waits past the moment at which a contingency begins: what waits is marked then. */
  private untilDecidedMs(link: Link, nowMs: number): number {
    if (link.announced || link.downSinceMs === null) return Number.POSITIVE_INFINITY;
    const leftMs = link.downSinceMs + this.contingencyAfterMs - nowMs;
    return leftMs > 0 ? Math.ceil(leftMs) + DECISION_MARGIN_MS : Number.POSITIVE_INFINITY;
  }
}

function keyOf({ environment, route }: Way): string {
  return `${environment}/${route}`;
}

function ownKeyOf(way: Way): string {
  return `${keyOf(way)}/${way.tenantId}`;
}

import type { DgiiSendOutcome } from '@getupnet/contracts';
import { resumeWaitMs } from './back-off.js';
import type { EmissionDocument } from './emission-document.js';

type NotSent = Extract<DgiiSendOutcome, { kind: 'unavailable' }>;

/** Reasons that hold for every document of the same route and environment. */
const FOR_ALL: ReadonlySet<string> = new Set(['maintenance', 'breaker.open']);

/**
 * Ways to DGII that are closed for a while, as this process was last told. A document that would
 * meet a closed one waits where it is, without an intent to send for each time it tries. Only a
 * hint: it ends by itself, and whoever does not have it is told by the port.
 */
export class ClosedRoutes {
  private readonly untilMs = new Map<string, number>();

  /** How long a document that was not sent waits. */
  waitMs(document: EmissionDocument, { reason, retryAfterMs }: NotSent): number {
    const waitMs = resumeWaitMs(retryAfterMs);
    if (FOR_ALL.has(reason)) {
      const untilMs = performance.now() + Math.min(retryAfterMs, waitMs);
      this.untilMs.set(keyOf(document), untilMs);
    }
    return waitMs;
  }

  /** How long a document waits before it is even tried; 0 when its way is open. */
  remainingMs(document: EmissionDocument): number {
    const leftMs = (this.untilMs.get(keyOf(document)) ?? 0) - performance.now();
    return leftMs > 0 ? resumeWaitMs(Math.ceil(leftMs)) : 0;
  }
}

function keyOf({ environment, route }: EmissionDocument): string {
  return `${environment}/${route}`;
}

import type { DgiiUnavailable } from '@getupnet/contracts';
import { isAppError } from '@getupnet/kernel';

/** What the port throws before anything is sent or asked; nothing changes until a person acts. */
const TURNED_AWAY: ReadonlySet<string> = new Set(['env.forbidden', 'tenant.mismatch']);
const TURNED_AWAY_WAIT_MS = 60_000;

/**
 * Stands for the outcome of every item of a call that was turned away: nobody's fault, and known not
 * to have reached DGII. Any other error is thrown again.
 */
export function turnedAway(error: unknown): DgiiUnavailable {
  if (!isAppError(error) || !TURNED_AWAY.has(error.code)) throw error;
  return { kind: 'unavailable', reason: error.code, retryAfterMs: TURNED_AWAY_WAIT_MS };
}

import { randomInt } from 'node:crypto';

const FIRST_MS = 1_000;
/** Whatever was down for long: nothing waits longer than this once it is up again. */
const MOST_MS = 60_000;
/** The first look after an unanswered send is not made before DGII can have read it. */
const FIRST_LOOK_MS = 250;
/** Those told to come back at the same moment come within this time after it. */
const SPREAD_MS = 3_000;
/** A window of DGII's may end early: whoever waits for its end looks again after this long. */
const LONGEST_CLOSURE_MS = 600_000;
const STEPS = 2 ** 32;

/** 0 ≤ x < 1. */
export type Random = () => number;

function systemRandom(): number {
  return randomInt(STEPS) / STEPS;
}

/** Bound that doubles, from one second to one minute. */
export function backOffMs(attempt: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(Math.max(attempt - 1, 0), 16));
}

/** When to ask about an unanswered send: full jitter below the bound, inside the window. */
export function askWaitMs(
  attempt: number,
  windowMs: number,
  random: Random = systemRandom,
): number {
  const jittered = Math.max(FIRST_LOOK_MS, Math.floor(random() * backOffMs(attempt)));
  return Math.min(windowMs, jittered);
}

/** When to try again what was not sent: when told to, spread so that not all come at once. */
export function resumeWaitMs(retryAfterMs: number, random: Random = systemRandom): number {
  const spread = Math.min(SPREAD_MS, retryAfterMs);
  return Math.min(retryAfterMs, LONGEST_CLOSURE_MS) + Math.floor(random() * spread);
}

/** DGII judges in about 200 ms (Descripción Técnica v1.6, p. 20): ask soon at first, then ever less often. */
export function pollWaitMs(sinceSendMs: number, shortestMs: number): number {
  return Math.min(MOST_MS, Math.max(shortestMs, Math.floor(sinceSendMs / 4)));
}

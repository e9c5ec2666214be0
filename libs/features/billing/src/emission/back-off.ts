const FIRST_MS = 1_000;
const MOST_MS = 300_000;

/** Doubling wait, from one second to five minutes. */
export function backOffMs(attempt: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(Math.max(attempt - 1, 0), 16));
}

/** DGII judges in about 200 ms (Descripción Técnica v1.6, p. 20): ask soon at first, then ever less often. */
export function pollWaitMs(sinceSendMs: number, shortestMs: number): number {
  return Math.min(MOST_MS, Math.max(shortestMs, Math.floor(sinceSendMs / 4)));
}

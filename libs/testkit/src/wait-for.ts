import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs?: number;
  /** Pause between two questions. */
  readonly everyMs?: number;
  /** What is waited for, in the message when it does not come. */
  readonly what?: string;
}

const TIMEOUT_MS = 10_000;
const POLL_MS = 10;

type Falsy = false | null | undefined | 0 | '';

/**
 * Asks `condition` until it answers something true, and answers that. Rejects after the timeout, with
 * the condition's last error as the cause.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = TIMEOUT_MS, what = 'the condition', everyMs = POLL_MS }: WaitOptions = {},
): Promise<Exclude<T, Falsy>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let cause: unknown;
    try {
      const value = await condition();
      if (value) return value as Exclude<T, Falsy>;
    } catch (error) {
      cause = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`${what} did not come about in ${timeoutMs} ms`, { cause });
    }
    await delay(everyMs);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { FaultTenant } from '../world/tenants.js';
import type { AckLog } from './ack-log.js';
import { answerFault, codeOf } from './answer-fault.js';

/** What is posted, under which key. */
export interface Call {
  readonly tenant: FaultTenant;
  readonly path: string;
  readonly key: string;
  readonly body: object;
  /** Seconds of `Prefer: wait`; 0 for none. */
  readonly waitS?: number;
}

export interface Told {
  readonly text: string;
  readonly replayed: boolean;
}

/** What an integrator is told to do: in progress, or a dependency away: post again. */
const AGAIN: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504]);
const IN_PROGRESS = 'idempotency.in_progress';
/** Longest wait for one answer, a little more than the platform may take. */
const ANSWER_WITHIN_MS = 33_000;
const RETRY_MS = 150;
const MOST_RETRY_MS = 1_000;

interface Answer extends Told {
  readonly status: number;
  readonly retryMs: number;
}

/** HTTP as a careful ERP does it: one key, again and again, until there is a yes or a no. */
export class Caller {
  attempts = 0;
  refused = 0;

  constructor(
    private readonly url: string,
    private readonly log: AckLog,
  ) {}

  /** The answer that says yes; null when it was no. */
  async post(call: Call): Promise<Told | null> {
    for (;;) {
      const answer = await this.#attempt(call);
      if (answer === null) {
        await pause(RETRY_MS);
        continue;
      }
      if (answer.status < 300) return answer;
      const code = codeOf(answer.text);
      if (!AGAIN.has(answer.status) || (answer.status === 409 && code !== IN_PROGRESS)) {
        const { status } = answer;
        await this.log.write({ t: 'refused', key: call.key, status, code });
        this.refused += 1;
        return null;
      }
      await pause(answer.retryMs);
    }
  }

  /** The body of a GET; null when there was none this time. */
  async get(tenant: FaultTenant, path: string): Promise<string | null> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        headers: { authorization: `Bearer ${tenant.apiKey}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const text = await response.text();
      return response.status === 200 ? text : null;
    } catch {
      // The connection broke; whoever asks asks again.
      return null;
    }
  }

  /** One POST; null when there was no answer. */
  async #attempt({ tenant, path, key, body, waitS = 0 }: Call): Promise<Answer | null> {
    this.attempts += 1;
    const begun = performance.now();
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      authorization: `Bearer ${tenant.apiKey}`,
      'idempotency-key': key,
    };
    if (waitS > 0) headers['prefer'] = `wait=${waitS}`;
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => null);
    // The connection broke, or nothing came: exactly what idempotency keys are for.
    const text = (await response?.text().catch(() => null)) ?? null;
    if (!response || text === null) return null;
    const { status } = response;
    const ms = Math.round(performance.now() - begun);
    const fault = answerFault(status, response.headers, text, ms);
    if (status >= 400 || fault !== null) {
      await this.log.write({ t: 'answer', key, status, code: codeOf(text), ms, fault });
    }
    const replayed = response.headers.get('idempotency-replayed') === 'true';
    return { status, text, retryMs: retryAfter(response.headers), replayed };
  }
}

function retryAfter(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? '0');
  return Math.min(Math.max(seconds * 1_000, RETRY_MS), MOST_RETRY_MS);
}

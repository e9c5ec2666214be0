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
  /** As a line of a batch, whose key is in the line. */
  readonly asLine?: boolean;
}

export interface Told {
  readonly text: string;
  readonly replayed: boolean;
}

/** What an integrator is told to do: in progress, or a dependency away: post again. */
const AGAIN: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504]);
const IN_PROGRESS = 'idempotency.in_progress';
/** Longest wait for one answer, a little more than the platform may take. */
const ANSWER_WITHIN_MS = 35_000;
const RETRY_MS = 150;
const MOST_RETRY_MS = 1_000;

const NDJSON = 'application/x-ndjson';

/** Of a line of a batch's answer. */
interface BatchLine {
  readonly status: number;
  readonly replayed?: boolean;
  readonly document?: object;
  readonly problem?: object;
}

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

  /** What the only line of a batch was answered; null when the answer broke off before it. */
  async #lineOf(key: string, text: string): Promise<Answer | null> {
    if (!text.includes('\n')) return null;
    const line = JSON.parse(text.slice(0, text.indexOf('\n'))) as BatchLine;
    const { status } = line;
    const own = JSON.stringify(line.document ?? line.problem);
    if (status >= 400) {
      const code = codeOf(own);
      const fault = code === '' ? `line ${status} without code` : null;
      await this.log.write({ t: 'answer', key, status, code, ms: 0, fault });
    }
    return { status, text: own, retryMs: RETRY_MS, replayed: line.replayed === true };
  }

  /** One POST; null when there was no answer. */
  async #attempt(call: Call): Promise<Answer | null> {
    const { key } = call;
    this.attempts += 1;
    const begun = performance.now();
    const response = await fetch(`${this.url}${call.path}`, {
      method: 'POST',
      headers: headersOf(call),
      body: JSON.stringify(call.asLine ? { ...call.body, idempotencyKey: key } : call.body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => null);
    // The connection broke, or nothing came: exactly what idempotency keys are for.
    const text = (await response?.text().catch(() => null)) ?? null;
    if (!response || text === null) return null;
    const { status } = response;
    if (call.asLine && status === 200) return this.#lineOf(key, text);
    const ms = Math.round(performance.now() - begun);
    const fault = answerFault(status, response.headers, text, ms);
    if (status >= 400 || fault !== null) {
      await this.log.write({ t: 'answer', key, status, code: codeOf(text), ms, fault });
    }
    const replayed = response.headers.get('idempotency-replayed') === 'true';
    return { status, text, retryMs: retryAfter(response.headers), replayed };
  }
}

function headersOf({ tenant, key, waitS = 0, asLine }: Call): Record<string, string> {
  const authorization = `Bearer ${tenant.apiKey}`;
  if (asLine) return { authorization, 'content-type': NDJSON };
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key };
  return waitS > 0 ? { ...headers, prefer: `wait=${waitS}` } : headers;
}

function retryAfter(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? '0');
  return Math.min(Math.max(seconds * 1_000, RETRY_MS), MOST_RETRY_MS);
}

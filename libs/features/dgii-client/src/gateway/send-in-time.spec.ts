import { performance } from 'node:perf_hooks';
import type { DgiiParty, DgiiSendItem } from '@getupnet/contracts';
import type { AuthorisedCall, DgiiAnswer, DgiiApi } from '@getupnet/dgii-api';
import { newId, SystemClock } from '@getupnet/kernel';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AuthorisedCalls } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import { DgiiCalls } from '../calls/dgii-calls.js';
import { DgiiMetrics } from '../calls/dgii-metrics.js';
import { Incidents } from '../calls/incidents.js';
import { Maintenance } from '../calls/maintenance.js';
import { Pacing } from '../calls/pacing.js';
import { RetryPolicy } from '../calls/retry-policy.js';
import type { Token } from '../token/token.js';
import type { Tokens } from '../token/tokens.js';
import type { ProductionGate } from './production-gate.js';
import { CALL_DEADLINE_MS, SendDocuments } from './send-documents.use-case.js';

const party: DgiiParty = { tenantId: 'tenant', environment: 'ecf', rnc: '131880681' };
const ITEMS = 64;

/** Time that passes when everybody waits. */
class VirtualTime {
  nowMs = 1_000_000;
  private readonly waiting: { readonly atMs: number; readonly wake: () => void }[] = [];

  after(ms: number): Promise<void> {
    return new Promise((wake) => void this.waiting.push({ atMs: this.nowMs + ms, wake }));
  }

  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const finished = work.finally(() => (done = true));
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done) return finished;
      this.waiting.sort((one, other) => one.atMs - other.atMs);
      const next = this.waiting.shift();
      if (next === undefined) throw new Error('nobody waits for anything');
      this.nowMs = next.atMs;
      next.wake();
    }
  }
}

describe('a batch that takes longer than its time', () => {
  let time: VirtualTime;
  let calls: DgiiCalls;
  let begun: number[];
  let answerMs: number;
  let sender: SendDocuments;

  beforeAll(() => Logger.overrideLogger(false));
  afterEach(() => void jest.restoreAllMocks());
  beforeEach(() => {
    time = new VirtualTime();
    begun = [];
    jest.spyOn(performance, 'now').mockImplementation(() => time.nowMs);
    const metrics = new DgiiMetrics(new Registry());
    const clock = new SystemClock();
    calls = new DgiiCalls({
      ...{ clock, metrics, maintenance: new Maintenance(clock, metrics), breaker: {} },
      pacing: new Pacing({ total: 64, perParty: 48 }),
      retries: new RetryPolicy({ random: () => 0 }),
      callTimeoutMs: CALL_DEADLINE_MS,
    });
    const api = {
      enviarEcf: async ({ timeoutMs = Infinity }: AuthorisedCall) => {
        begun.push(timeoutMs);
        await time.after(Math.min(answerMs, timeoutMs));
        const answer: DgiiAnswer<{ trackId: string }> =
          answerMs <= timeoutMs
            ? { kind: 'ok', value: { trackId: newId() }, raw: '' }
            : { kind: 'lost', reason: 'timeout' };
        return answer;
      },
    } as unknown as DgiiApi;
    const gate = { allows: () => Promise.resolve(true) } as unknown as ProductionGate;
    const token = { kind: 'token', token: 't', sealed: 't' } as Token;
    const tokens = { current: () => Promise.resolve(token) } as unknown as Tokens;
    const authorised = new AuthorisedCalls(gate, tokens, calls);
    sender = new SendDocuments(api, authorised, new Incidents(metrics));
  });

  const send = async (deadlineMs: number): Promise<Record<string, number>> => {
    const items = Array.from({ length: ITEMS }, (): DgiiSendItem => {
      return { documentId: newId(), route: 'ecf', encf: 'E310000000001', xml: '<ECF/>' };
    });
    const outcomes = await time.until(sender.send(party, items, Deadline.in(deadlineMs)));
    const counts: Record<string, number> = {};
    for (const one of outcomes) {
      const name = one.kind === 'unavailable' ? one.reason : one.kind;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  };
  const breaker = () => calls.states('ecf').map(({ state }) => state);

  it('puts nothing in doubt that there was no time for, and blames nobody', async () => {
    answerMs = 6_000;
    expect(await send(20_000)).toEqual({ received: 32, deadline: 32 });
    expect(Math.min(...begun)).toBeGreaterThanOrEqual(10_000);
    expect(breaker()).toEqual(['closed']);
  });

  it('does so with what is left of a lease, too', async () => {
    answerMs = 300;
    expect(await send(1_000)).toEqual({ received: 32, deadline: 32 });
    expect(breaker()).toEqual(['closed']);
  });

  it('a service that is silent for the whole time is ill', async () => {
    answerMs = 60_000;
    expect(await send(20_000)).toEqual({ unknown: 16, deadline: 48 });
    expect(breaker()).toEqual(['open']);
  });

  it('silence that was cut short is in doubt, but nobody’s illness', async () => {
    answerMs = 7_000;
    expect(await send(20_000)).toMatchObject({ received: 32 });
    answerMs = 60_000;
    expect(await send(4_000)).toEqual({ unknown: 16, deadline: 48 });
    expect(breaker()).toEqual(['closed']);
  });
});

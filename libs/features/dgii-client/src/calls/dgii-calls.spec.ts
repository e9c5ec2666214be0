import type { DgiiAnswer } from '@getupnet/dgii-api';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { ShiftedClock } from '../testing/client-under-test.js';
import { Deadline } from './deadline.js';
import { DgiiCalls } from './dgii-calls.js';
import { DgiiMetrics } from './dgii-metrics.js';
import { DGII_OPERATIONS, isSafe, type DgiiOperation } from './dgii-operations.js';
import { Maintenance } from './maintenance.js';
import { Pacing } from './pacing.js';
import { MAX_TRIES, RetryPolicy } from './retry-policy.js';

const OPEN_MS = 60_000;
const CALL_MS = 1_000;
const lost = { kind: 'lost', reason: 'timeout' } as const;
const unsent = { kind: 'unsent', reason: 'ECONNREFUSED' } as const;
const ok = { kind: 'ok', value: 1, raw: '1' } as const;

describe('DgiiCalls', () => {
  let pauses: number[];
  let random: number;
  let clock: ShiftedClock;
  let registry: Registry;
  let maintenance: Maintenance;
  let calls: DgiiCalls;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    pauses = [];
    random = 0.5;
    clock = new ShiftedClock();
    registry = new Registry();
    const metrics = new DgiiMetrics(registry);
    maintenance = new Maintenance(clock, metrics);
    calls = new DgiiCalls({
      clock,
      metrics,
      maintenance,
      pacing: new Pacing({ total: 2, perParty: 1 }),
      retries: new RetryPolicy({
        random: () => random,
        pause: (ms) => Promise.resolve(pauses.push(ms)),
      }),
      breaker: { openMs: OPEN_MS },
      callTimeoutMs: CALL_MS,
    });
  });

  /** Runs a call that answers these in turn; how often it was made, and what came of it. */
  const run = async (
    operation: DgiiOperation,
    answers: readonly DgiiAnswer<number>[],
    whose: Parameters<DgiiCalls['run']>[3] = { deadline: Deadline.in(10_000) },
  ) => {
    let made = 0;
    const call = (): Promise<DgiiAnswer<number>> => {
      const answer = answers[Math.min(made, answers.length - 1)] ?? lost;
      made += 1;
      return Promise.resolve(answer);
    };
    const called = await calls.run('testecf', operation, call, whose);
    return { made, kind: called.kind };
  };

  it.each(DGII_OPERATIONS)(
    '%s is repeated only if asking twice does no harm',
    async (operation) => {
      const made = isSafe(operation) ? MAX_TRIES : 1;
      expect(await run(operation, [lost])).toEqual({ made, kind: 'lost' });
    },
  );

  it('no operation that sends something signed is safe', () => {
    expect(DGII_OPERATIONS.filter((one) => !isSafe(one))).toEqual([
      'validarsemilla',
      'recepcion',
      'recepcionfc',
      'aprobacioncomercial',
      'anulacionrangos',
    ]);
  });

  it('repeats after no answer, an unusable one and no connection, until one is usable', async () => {
    const html = { kind: 'unusable', reason: 'x', httpStatus: 200, raw: '' } as const;
    for (const failure of [lost, html, unsent]) {
      expect(await run('consultatrackids', [failure, ok])).toEqual({ made: 2, kind: 'ok' });
    }
    const refused = {
      kind: 'refused',
      httpStatus: 400,
      codigo: null,
      mensajes: [],
      raw: '',
    } as const;
    expect(await run('consultatrackids', [refused, ok])).toEqual({ made: 1, kind: 'refused' });
  });

  it('waits a random share of an exponential pause', async () => {
    await run('semilla', [lost]);
    random = 0.999_999;
    await run('consultaestado', [lost]);
    expect(pauses).toEqual([125, 250, 249, 499]);
  });

  it('does not begin what its deadline would not let it finish', async () => {
    expect(await run('semilla', [lost], { deadline: Deadline.in(600) })).toMatchObject({ made: 1 });
    expect(await run('semilla', [lost], {})).toMatchObject({ made: 1 });
  });

  it('stops repeating when the breaker opens', async () => {
    await run('consultaestado', [lost]);
    expect(await run('consultaestado', [lost])).toEqual({ made: 2, kind: 'unavailable' });
    expect(await run('consultaestado', [lost])).toEqual({ made: 0, kind: 'unavailable' });
    const text = await registry.metrics();
    expect(text).toMatch(/call_failures_total\{.*"consultaestado"\} 5/);
    expect(text).toMatch(/breaker_rejected_total\{.*"consultaestado"\} 2/);
  });

  it('stops nobody because of what one document may cause', async () => {
    const odd = { kind: 'unusable', httpStatus: 400, reason: 'http.400.empty', raw: '' } as const;
    for (let i = 0; i < 20; i += 1) await run('recepcion', [odd]);
    expect(await run('recepcion', [ok])).toEqual({ made: 1, kind: 'ok' });
    expect(calls.states('testecf')).toEqual([{ operation: 'recepcion', state: 'closed' }]);
  });

  it('makes no call in maintenance but to the status host, and goes on by itself after it', async () => {
    const nowMs = clock.now().getTime();
    const window = { from: new Date(nowMs - 1), to: new Date(nowMs + 3_600_000) };
    maintenance.announce([{ environment: 'testecf', ...window }]);
    for (const operation of DGII_OPERATIONS) {
      const expected = operation === 'estatusservicios' ? 1 : 0;
      expect((await run(operation, [ok])).made).toBe(expected);
    }
    const paused = await calls.run('testecf', 'recepcion', () => Promise.resolve(ok));
    expect(paused).toMatchObject({ kind: 'unavailable', reason: 'maintenance' });
    if (paused.kind !== 'unavailable') throw new Error(paused.kind);
    expect(paused.retryAfterMs).toBeGreaterThan(3_590_000);
    expect(await registry.metrics()).toMatch(
      /calls_held_total\{.*"recepcion",reason="maintenance"\} 2/,
    );
    clock.shiftMs += 3_600_000;
    expect(await run('recepcion', [ok])).toEqual({ made: 1, kind: 'ok' });
    // Waiting did not count as failing.
    expect(calls.states('testecf').every(({ state }) => state === 'closed')).toBe(true);
  });

  it('puts an announcement to the test with a query, never with anything signed', async () => {
    const nowMs = clock.now().getTime();
    const window = { from: new Date(nowMs - 1), to: new Date(nowMs + 3_600_000) };
    maintenance.announce([{ environment: 'testecf', ...window }]);
    expect(await run('recepcion', [ok])).toMatchObject({ made: 0 });
    expect(await run('consultaresultado', [ok])).toMatchObject({ made: 0 });
    clock.shiftMs += 300_000;
    expect(await run('recepcion', [ok])).toMatchObject({ made: 0 });
    expect(await run('consultaresultado', [lost])).toMatchObject({ made: 1, kind: 'unavailable' });
    expect(await run('consultaresultado', [ok])).toMatchObject({ made: 0 });
    clock.shiftMs += 300_000;
    expect(await run('semilla', [ok])).toMatchObject({ made: 1, kind: 'ok' });
    expect(await run('recepcion', [ok])).toMatchObject({ made: 1, kind: 'ok' });
  });

  it('a tenant beyond its share waits for its own calls, not for those of others', async () => {
    let answer: (value: DgiiAnswer<number>) => void = () => undefined;
    const deadline = Deadline.in(10_000);
    const slow = calls.run(
      'testecf',
      'recepcion',
      () => new Promise<DgiiAnswer<number>>((resolve) => (answer = resolve)),
      { tenantId: 'busy', deadline },
    );
    const short = { tenantId: 'busy', deadline: Deadline.in(550) };
    expect(await run('recepcion', [ok], short)).toEqual({ made: 0, kind: 'unavailable' });
    expect(await run('recepcion', [ok], { tenantId: 'small', deadline })).toMatchObject({
      made: 1,
    });
    answer(ok);
    expect(await slow).toMatchObject({ kind: 'ok' });
    expect(await run('recepcion', [ok], { tenantId: 'busy', deadline })).toMatchObject({ made: 1 });
    expect(await registry.metrics()).toMatch(/calls_held_total\{.*reason="pacing"\} 1/);
  });
});

import { jest } from '@jest/globals';
import type { DgiiGateway, DgiiSendOutcome } from '@getupnet/contracts';
import { AppError, SystemClock } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import { FakeClock } from '@getupnet/testkit';
import type { Episodes } from '../contingency/episodes.js';
import { LinkWatch } from '../contingency/link-watch.js';
import { WaitSteps } from '../contingency/wait-steps.js';
import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import type { PollStage } from './poll-stage.js';
import { SendStage } from './send-stage.js';
import { Stint } from './stint.js';
import type { VerdictRecorder } from './verdict-recorder.js';
import { emissionDocument } from './testing/emission-document.js';

const LEASE_MS = 45_000;

const EPISODE = '018f0000-0000-7000-8000-00000000000e';
const episodes = { current: () => Promise.resolve(EPISODE) } as unknown as Episodes;

const DOCUMENT = emissionDocument({
  environment: 'ecf',
  bodies: { signed: '<ECF/>' },
});

describe('SendStage', () => {
  const applied: Step[] = [];
  let sends = 0;
  let notAfter: number | undefined;
  const intended = (): Stint => new Stint('test', LEASE_MS, new SystemClock());
  const stage = (send: () => Promise<readonly DgiiSendOutcome[]>) => {
    const dgii = {
      send: (_party: unknown, _items: unknown, until?: number) => {
        sends += 1;
        notAfter = until;
        return send();
      },
    } as unknown as DgiiGateway;
    const steps = {
      apply: (_document: EmissionDocument, step: Step) => {
        applied.push(step);
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const config = {
      get: () => ({ BILLING_CONTINGENCY_AFTER_MS: 90_000, BILLING_IN_FLIGHT_WINDOW_MS: 60_000 }),
    } as unknown as Config;
    const polls = { firstLook: () => Promise.resolve() } as unknown as PollStage;
    const links = new LinkWatch(new FakeClock(), config);
    const waits = new WaitSteps(links, episodes, config);
    const verdicts = {
      recordRefusal: ({ id }: EmissionDocument) => Promise.resolve(id === 'echo'),
    } as unknown as VerdictRecorder;
    return new SendStage(dgii, steps, polls, verdicts, waits);
  };

  beforeEach(() => {
    applied.length = 0;
    sends = 0;
  });

  it('EMI-7: keeps a document that may not reach production signed, not in doubt', async () => {
    const turnedAway = () => Promise.reject(new AppError('env.forbidden', { environment: 'ecf' }));
    await stage(turnedAway).run([DOCUMENT], intended());
    expect(applied).toMatchObject([{ through: ['SIGNED'], patch: { lastError: 'env.forbidden' } }]);
    expect(applied[0]?.nextAttemptInMs).toBeGreaterThanOrEqual(60_000);
  });

  it('DGI-4: a way known to be closed costs no intent to send, and the document waits', async () => {
    const paused = { kind: 'unavailable', reason: 'breaker.open', retryAfterMs: 60_000 } as const;
    const sending = stage(() => Promise.resolve([paused]));
    await sending.run([DOCUMENT], intended());
    expect(applied).toMatchObject([{ through: ['SIGNED'], patch: { lastError: 'breaker.open' } }]);
    const next = { ...DOCUMENT, id: 'next', state: 'SIGNED' } as const;
    expect(sending.isClosedTo(next)).toBe(true);
    expect(await sending.intend([next], intended())).toEqual([]);
    expect(applied[1]?.through).toEqual(['SIGNED']);
    expect(applied[1]?.leaseMs).toBeUndefined();
    expect(applied[1]?.nextAttemptInMs).toBeGreaterThan(59_000);
    expect(sends).toBe(1);
  });

  it('DGI-5: during an outage a document joins its taxpayer’s line instead', async () => {
    const paused = { kind: 'unavailable', reason: 'maintenance', retryAfterMs: 60_000 } as const;
    const sending = stage(() => Promise.resolve([paused]));
    await sending.run([DOCUMENT], intended());
    const joined = {
      by: 'send',
      through: ['CONTINGENCY'],
      patch: { contingencyId: EPISODE, sendWithinMs: 72 * 3_600_000 },
    };
    expect(applied).toMatchObject([joined]);
    const next = { ...DOCUMENT, id: 'next', state: 'SIGNED' } as const;
    expect(await sending.intend([next], intended())).toEqual([]);
    expect(applied[1]).toMatchObject(joined);
    const inDoubt = { ...DOCUMENT, id: 'in-doubt', state: 'UNKNOWN' } as const;
    expect(await sending.intend([inDoubt], intended())).toEqual([]);
    expect(applied[2]).toMatchObject({ by: 'wait', through: ['UNKNOWN'] });
    expect(sends).toBe(1);
  });

  it('says nothing about a document when the port fails otherwise', async () => {
    const failing = () => Promise.reject(new AppError('dependency.timeout'));
    const run = stage(failing).run([DOCUMENT], intended());
    await expect(run).rejects.toMatchObject({ code: 'dependency.timeout' });
    expect(applied).toEqual([]);
  });

  it('parks what DGII refuses, unless our own send before may be the reason', async () => {
    const mensajes = [{ codigo: '1209', valor: 'usado' }];
    const refused = { kind: 'refused', httpStatus: 400, mensajes, raw: '' } as const;
    const sending = stage(() => Promise.resolve([refused]));
    await sending.run([{ ...DOCUMENT, id: 'echo' }], intended());
    expect(applied).toEqual([]);
    await sending.run([DOCUMENT], intended());
    expect(applied).toMatchObject([{ through: ['SIGNED'], parked: true }]);
  });

  it('EMI-4: a worker that wakes up after half its lease sends nothing', async () => {
    const now = jest.spyOn(performance, 'now');
    const stint = intended();
    now.mockReturnValue(performance.now() + LEASE_MS / 2 + 1);
    await stage(() => Promise.resolve([])).run([DOCUMENT], stint);
    now.mockRestore();
    expect({ sends, applied }).toEqual({ sends: 0, applied: [] });
  });

  it('EMI-4: one that wakes up after its lease does not even intend to', async () => {
    const clock = new FakeClock();
    const stint = new Stint('test', LEASE_MS, clock);
    // The machine slept: the monotonic clock says nothing of it.
    clock.advance(LEASE_MS + 1);
    const sending = stage(() => Promise.resolve([]));
    expect(await sending.intend([{ ...DOCUMENT, state: 'UNKNOWN' }], stint)).toEqual([]);
    expect({ sends, applied }).toEqual({ sends: 0, applied: [] });
  });

  it('EMI-4: tells the port when the lease ends', async () => {
    const stint = intended();
    await stage(() => Promise.resolve([{ kind: 'unknown', reason: 'x' }])).run([DOCUMENT], stint);
    expect(notAfter).toBe(stint.endsAt);
    expect(stint.endsAt - new SystemClock().now().getTime()).toBeLessThanOrEqual(LEASE_MS);
  });
});

import type { DgiiGateway, DgiiSendOutcome } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import type { PollStage } from './poll-stage.js';
import { SendStage } from './send-stage.js';
import type { VerdictRecorder } from './verdict-recorder.js';
import { emissionDocument } from './testing/emission-document.js';

const LEASE_MS = 45_000;

const DOCUMENT = emissionDocument({
  environment: 'ecf',
  bodies: { signed: '<ECF/>' },
});

describe('SendStage', () => {
  const applied: Step[] = [];
  let sends = 0;
  const stage = (send: () => Promise<readonly DgiiSendOutcome[]>) => {
    const dgii = {
      send: () => {
        sends += 1;
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
      get: () => ({ BILLING_LEASE_MS: LEASE_MS, BILLING_IN_FLIGHT_WINDOW_MS: 60_000 }),
    } as unknown as Config;
    const polls = { firstLook: () => Promise.resolve() } as unknown as PollStage;
    return new SendStage(dgii, steps, polls, {} as VerdictRecorder, config);
  };

  beforeEach(() => {
    applied.length = 0;
    sends = 0;
  });

  it('EMI-7: keeps a document that may not reach production signed, not in doubt', async () => {
    const turnedAway = () => Promise.reject(new AppError('env.forbidden', { environment: 'ecf' }));
    await stage(turnedAway).run([DOCUMENT], 'test', performance.now());
    expect(applied).toMatchObject([{ through: ['SIGNED'], patch: { lastError: 'env.forbidden' } }]);
    expect(applied[0]?.nextAttemptInMs).toBeGreaterThanOrEqual(60_000);
  });

  it('DGI-4: a way known to be closed costs no intent to send, and the document waits', async () => {
    const paused = { kind: 'unavailable', reason: 'maintenance', retryAfterMs: 90_000 } as const;
    const sending = stage(() => Promise.resolve([paused]));
    await sending.run([DOCUMENT], 'test', performance.now());
    expect(applied).toMatchObject([{ through: ['SIGNED'], patch: { lastError: 'maintenance' } }]);
    const next = { ...DOCUMENT, id: 'next', state: 'SIGNED' } as const;
    expect(sending.isClosedTo(next)).toBe(true);
    expect(await sending.intend([next], 'test')).toEqual([]);
    expect(applied[1]?.through).toEqual(['SIGNED']);
    expect(applied[1]?.leaseMs).toBeUndefined();
    expect(applied[1]?.nextAttemptInMs).toBeGreaterThan(89_000);
    expect(sends).toBe(1);
  });

  it('says nothing about a document when the port fails otherwise', async () => {
    const failing = () => Promise.reject(new AppError('dependency.timeout'));
    const run = stage(failing).run([DOCUMENT], 'test', performance.now());
    await expect(run).rejects.toMatchObject({ code: 'dependency.timeout' });
    expect(applied).toEqual([]);
  });

  it('EMI-4: a worker that wakes up after half its lease sends nothing', async () => {
    await stage(() => Promise.resolve([])).run(
      [DOCUMENT],
      'test',
      performance.now() - LEASE_MS / 2 - 1,
    );
    expect({ sends, applied }).toEqual({ sends: 0, applied: [] });
  });
});

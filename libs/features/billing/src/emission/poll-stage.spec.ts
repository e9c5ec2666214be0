import type { DgiiFindOutcome, DgiiGateway, DgiiResultOutcome } from '@getupnet/contracts';
import { AppError, SystemClock } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { PollStage } from './poll-stage.js';
import { emissionDocument } from './testing/emission-document.js';
import { Stint } from './stint.js';
import type { VerdictRecorder } from './verdict-recorder.js';

const WINDOW_MS = 60_000;
const SUBMITTED = emissionDocument({ state: 'SUBMITTED', trackId: 'given' });
const track = (trackId: string) => ({ trackId, estado: 'Aceptado', receivedAt: null });

describe('PollStage', () => {
  const poll = async (
    result: DgiiResultOutcome | AppError,
    found: DgiiFindOutcome = { kind: 'none' },
    overrides: Partial<EmissionDocument> = {},
  ) => {
    const applied: { trackId: string | null; step: Step }[] = [];
    const steps = {
      apply: ({ trackId }: EmissionDocument, step: Step) => {
        applied.push({ trackId, step });
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const dgii = {
      results: () =>
        result instanceof AppError ? Promise.reject(result) : Promise.resolve([result]),
      find: () => Promise.resolve([found]),
    } as unknown as DgiiGateway;
    const config = {
      get: () => ({
        BILLING_FIRST_POLL_MS: 1,
        BILLING_POLL_MS: 1_000,
        BILLING_IN_FLIGHT_WINDOW_MS: WINDOW_MS,
      }),
    } as unknown as Config;
    await new PollStage(dgii, steps, {} as VerdictRecorder, config).run(
      [{ ...SUBMITTED, ...overrides }],
      new Stint('test', 1_000, new SystemClock()),
    );
    return applied;
  };
  const foreign = (found: DgiiFindOutcome) =>
    poll({ kind: 'foreign', rnc: '101010101', encf: 'E310000000009' }, found);

  it.each<[string, DgiiFindOutcome]>([
    ['DGII lists our trackId', { kind: 'tracked', trackIds: [track('given'), track('other')] }],
    ['DGII lists none', { kind: 'none' }],
    ['DGII cannot be asked', { kind: 'unsupported' }],
    ['the query fails', { kind: 'unavailable', reason: 'timeout', retryAfterMs: 5 }],
  ])('DGI-3: an answer about another document changes nothing: %s', async (_name, found) => {
    const applied = await foreign(found);
    expect(applied).toMatchObject([
      {
        trackId: 'given',
        step: {
          through: ['SUBMITTED'],
          patch: { trackId: 'given', lastError: 'dgii answered about 101010101 E310000000009' },
          nextAttemptInMs: 60_000,
        },
      },
    ]);
  });

  it('a trackId that is another document’s is replaced by what DGII lists under our number', async () => {
    const applied = await foreign({ kind: 'tracked', trackIds: [track('own'), track('own')] });
    expect(applied).toMatchObject([
      { step: { through: ['SUBMITTED'], patch: { trackId: 'own' }, nextAttemptInMs: 1_000 } },
    ]);
  });

  it('an announced closure may end early: it is asked again within minutes', async () => {
    const closed = { kind: 'unavailable', reason: 'maintenance' } as const;
    const [applied] = await poll({ ...closed, retryAfterMs: 72 * 3_600_000 });
    expect(applied?.step).toMatchObject({
      through: ['SUBMITTED'],
      patch: { lastError: 'maintenance' },
    });
    expect(applied?.step.nextAttemptInMs).toBeLessThanOrEqual(603_000);
  });

  it('EMI-7: one that may not ask in production waits, which is no fault', async () => {
    const [applied] = await poll(new AppError('env.forbidden', { environment: 'ecf' }));
    expect(applied?.step).toMatchObject({
      through: ['SUBMITTED'],
      patch: { lastError: 'env.forbidden' },
    });
    expect(applied?.step.trouble).toBeUndefined();
    expect(applied?.step.nextAttemptInMs).toBeGreaterThanOrEqual(60_000);
  });
});

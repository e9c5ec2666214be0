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
    how: 'run' | 'firstLook' = 'run',
  ) => {
    const applied: { trackId: string | null; step: Step }[] = [];
    const steps = {
      apply: (document: EmissionDocument, step: Step) => {
        applied.push({ trackId: document.trackId, step });
        return Promise.resolve({ ...document, state: step.through.at(-1) });
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
    await new PollStage(dgii, steps, {} as VerdictRecorder, config)[how](
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

  describe('a trackId DGII does not know', () => {
    const lost = { kind: 'pending', estado: 'No encontrado', known: false } as const;
    /** Long enough not to be merely not visible yet. */
    const LONG = { sendingForMs: 10 * WINDOW_MS };
    const lastError = 'dgii does not know its trackId';

    it('DGI-2: is asked for by its number, and in doubt when DGII knows neither', async () => {
      const inDoubt = [{ step: { through: ['UNKNOWN'], patch: { lastError }, enqueue: true } }];
      expect(await poll(lost, { kind: 'none' }, LONG)).toMatchObject(inDoubt);
      const earlier = { ...LONG, generation: 2, earlierTrackIds: ['old'] };
      const others: DgiiFindOutcome = { kind: 'tracked', trackIds: [track('old')] };
      expect(await poll(lost, others, earlier)).toMatchObject(inDoubt);
    });

    it('gives way to another one of the same bytes', async () => {
      const [applied] = await poll(lost, { kind: 'tracked', trackIds: [track('own')] }, LONG);
      expect(applied?.step).toMatchObject({ through: ['SUBMITTED'], patch: { trackId: 'own' } });
    });

    it.each<[string, DgiiFindOutcome]>([
      ['DGII lists it', { kind: 'tracked', trackIds: [track('given'), track('other')] }],
      ['DGII cannot be asked', { kind: 'unsupported' }],
      ['the query fails', { kind: 'unavailable', reason: 'timeout', retryAfterMs: 5 }],
    ])('is only asked for again, and the reason told, while %s', async (_name, found) => {
      const [applied] = await poll(lost, found, LONG);
      expect(applied?.step).toMatchObject({
        through: ['SUBMITTED'],
        patch: { trackId: 'given', lastError },
        nextAttemptInMs: 60_000,
      });
    });

    it.each<[string, DgiiResultOutcome, Partial<EmissionDocument>]>([
      ['a fresh one', lost, { sendingForMs: 10 * WINDOW_MS - 1 }],
      ['one in process', { ...lost, estado: 'En Proceso', known: true }, LONG],
    ])('is nothing to worry about yet: %s', async (_name, outcome, document) => {
      const [applied] = await poll(outcome, { kind: 'none' }, document);
      expect(applied?.step).toMatchObject({ through: ['SUBMITTED'] });
      expect(applied?.step.patch?.lastError).toBeUndefined();
    });

    it.each(['testecf', 'certecf'] as const)(
      'in %s is fresh after each send, however long ago the one before was',
      async (environment) => {
        const resent = { ...LONG, state: 'SENDING', environment } as const;
        const applied = await poll(lost, { kind: 'none' }, resent, 'firstLook');
        expect(applied.length).toBeGreaterThan(0);
        for (const { step } of applied) expect(step.through).toEqual(['SUBMITTED']);
        expect(applied.at(-1)?.step.nextAttemptInMs).toBe(1_000);
      },
    );
  });
});

import type { DgiiFindOutcome, DgiiGateway, DgiiTrack } from '@getupnet/contracts';
import { AppError, SystemClock } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import { AskStage } from './ask-stage.js';
import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { Stint } from './stint.js';
import type { VerdictRecorder } from './verdict-recorder.js';
import { emissionDocument } from './testing/emission-document.js';

const WINDOW_MS = 60_000;

/** UNKNOWN, its in-flight window over. */
const DOCUMENT = emissionDocument({
  generation: 2,
  state: 'UNKNOWN',
  sendingForMs: WINDOW_MS + 1,
  earlierTrackIds: ['old'],
});

describe('AskStage', () => {
  const applied: Step[] = [];
  const ask = async (
    outcome: DgiiFindOutcome | AppError,
    overrides: Partial<EmissionDocument> = {},
  ) => {
    applied.length = 0;
    const steps = {
      apply: (_document: EmissionDocument, step: Step) => {
        applied.push(step);
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const find = () =>
      outcome instanceof AppError ? Promise.reject(outcome) : Promise.resolve([outcome]);
    const dgii = { find } as unknown as DgiiGateway;
    const config = {
      get: () => ({ BILLING_IN_FLIGHT_WINDOW_MS: WINDOW_MS }),
    } as unknown as Config;
    const stage = new AskStage(dgii, steps, {} as VerdictRecorder, config);
    const resend = await stage.run(
      [{ ...DOCUMENT, ...overrides }],
      new Stint('test', WINDOW_MS, new SystemClock()),
    );
    return { resend: resend.length, adopted: applied.map((step) => step.patch?.trackId) };
  };
  const tracked = (...trackIds: DgiiTrack[]): DgiiFindOutcome => ({ kind: 'tracked', trackIds });
  /** What DGII received so long after the document was accepted. */
  const track = (trackId: string, estado: string, afterMs = 600_000): DgiiTrack => ({
    trackId,
    estado,
    receivedAt: new Date((DOCUMENT.createdAt?.getTime() ?? 0) + afterMs).toISOString(),
  });
  const old = track('old', 'Rechazado');

  it('never takes the verdict on an earlier generation of the number for its own', async () => {
    expect(await ask(tracked(old))).toEqual({ resend: 1, adopted: [] });
    const own = track('own', 'Rechazado');
    expect(await ask(tracked(old, own))).toEqual({ resend: 0, adopted: ['own'] });
  });

  it('waits out the window while DGII lists earlier generations only', async () => {
    const { resend, adopted } = await ask(tracked(old), { sendingForMs: 10 });
    expect({ resend, adopted }).toEqual({ resend: 0, adopted: [undefined] });
  });

  it.each([
    ['before it was accepted', track('T1', 'Rechazado', -3_600_000)],
    ['before it was accepted, by a clock that is ahead', track('T1', 'Rechazado', 60_000)],
    ['nobody knows when', { ...track('T1', 'Rechazado'), receivedAt: null }],
  ])(
    'a correction takes no rejection for its own that DGII received %s: a former send’s, perhaps',
    async (_when, unanswered) => {
      const listed = tracked(unanswered, old);
      const early = await ask(listed, { sendingForMs: 500 });
      expect(early).toEqual({ resend: 0, adopted: [undefined] });
      expect(applied).toMatchObject([{ through: ['UNKNOWN'] }]);
      expect(await ask(listed)).toEqual({ resend: 1, adopted: [] });
      // Nothing was sent under the number before its first generation.
      const first = { generation: 1, earlierTrackIds: [] };
      expect((await ask(tracked(unanswered), first)).adopted).toEqual(['T1']);
      // DGII has it: it must not be sent again.
      const accepted = { ...unanswered, estado: 'Aceptado' };
      expect((await ask(tracked(accepted))).adopted).toEqual(['T1']);
    },
  );

  it('adopts what was accepted, else what is not decided, else what there is', async () => {
    const refused = track('refused', 'Rechazado');
    const pending = track('pending', 'En Proceso');
    const good = track('good', 'Aceptado Condicional');
    expect((await ask(tracked(refused, pending, good))).adopted).toEqual(['good']);
    expect((await ask(tracked(refused, pending))).adopted).toEqual(['pending']);
    expect((await ask(tracked(refused))).adopted).toEqual(['refused']);
  });

  it('an announced closure may end early: it is asked again within minutes', async () => {
    const closed = { kind: 'unavailable', reason: 'maintenance' } as const;
    await ask({ ...closed, retryAfterMs: 72 * 3_600_000 });
    expect(applied).toMatchObject([{ through: ['UNKNOWN'], patch: { lastError: 'maintenance' } }]);
    expect(applied[0]?.nextAttemptInMs).toBeLessThanOrEqual(603_000);
  });

  it('EMI-7: one that may not ask in production waits, which is no fault', async () => {
    const outcome = await ask(new AppError('env.forbidden', { environment: 'ecf' }));
    expect(outcome.resend).toBe(0);
    expect(applied).toMatchObject([
      { through: ['UNKNOWN'], patch: { lastError: 'env.forbidden' } },
    ]);
    expect(applied[0]?.nextAttemptInMs).toBeGreaterThanOrEqual(60_000);
    await expect(ask(new AppError('dependency.timeout'))).rejects.toMatchObject({
      code: 'dependency.timeout',
    });
  });
});

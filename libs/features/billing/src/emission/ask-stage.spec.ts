import type { DgiiFindOutcome, DgiiGateway } from '@getupnet/contracts';
import { SystemClock } from '@getupnet/kernel';
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
  const ask = async (outcome: DgiiFindOutcome, overrides: Partial<EmissionDocument> = {}) => {
    const applied: Step[] = [];
    const steps = {
      apply: (_document: EmissionDocument, step: Step) => {
        applied.push(step);
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const dgii = { find: () => Promise.resolve([outcome]) } as unknown as DgiiGateway;
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
  const tracked = (...trackIds: { trackId: string; estado: string }[]): DgiiFindOutcome => ({
    kind: 'tracked',
    trackIds,
  });
  const old = { trackId: 'old', estado: 'Rechazado' };

  it('never takes the verdict on an earlier generation of the number for its own', async () => {
    expect(await ask(tracked(old))).toEqual({ resend: 1, adopted: [] });
    const own = { trackId: 'own', estado: 'Rechazado' };
    expect(await ask(tracked(old, own))).toEqual({ resend: 0, adopted: ['own'] });
  });

  it('waits out the window while DGII lists earlier generations only', async () => {
    const { resend, adopted } = await ask(tracked(old), { sendingForMs: 10 });
    expect({ resend, adopted }).toEqual({ resend: 0, adopted: [undefined] });
  });

  it('adopts what was accepted, else what is not decided, else what there is', async () => {
    const refused = { trackId: 'refused', estado: 'Rechazado' };
    const pending = { trackId: 'pending', estado: 'En Proceso' };
    const good = { trackId: 'good', estado: 'Aceptado Condicional' };
    expect((await ask(tracked(refused, pending, good))).adopted).toEqual(['good']);
    expect((await ask(tracked(refused, pending))).adopted).toEqual(['pending']);
    expect((await ask(tracked(refused))).adopted).toEqual(['refused']);
  });
});

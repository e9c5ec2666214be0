import { readFileSync } from 'node:fs';
import type { Sign, SignRequest } from '@getupnet/contracts';
import { SystemClock } from '@getupnet/kernel';
import type { Config } from '@getupnet/platform';
import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { SignStage } from './sign-stage.js';
import { Stint } from './stint.js';
import { emissionDocument } from './testing/emission-document.js';

const EXAMPLE = 'libs/ecf/examples/31/minimal.xml';

const DOCUMENT = emissionDocument({
  state: 'QUEUED',
  faults: 2,
  bodies: { unsigned: readFileSync(EXAMPLE, 'utf8').trim() },
});

describe('SignStage', () => {
  const applied: Step[] = [];
  let asked = 0;

  const stage = (code: string): SignStage => {
    const sign = {
      sign: ({ items }: SignRequest) => {
        asked += 1;
        const answers = items.map(({ documentId, kind }) => ({
          ok: false,
          documentId,
          kind,
          code,
        }));
        return Promise.resolve(answers);
      },
    } as unknown as Sign;
    const steps = {
      apply: (_document: EmissionDocument, step: Step) => {
        applied.push(step);
        return Promise.resolve(null);
      },
    } as unknown as DocumentSteps;
    const config = { get: () => ({ BILLING_DEFERRED_AFTER_MS: 0 }) } as unknown as Config;
    return new SignStage(sign, steps, config);
  };
  const stint = (limitMs = 45_000): Stint => new Stint('test', limitMs, new SystemClock());

  beforeEach(() => {
    applied.length = 0;
    asked = 0;
  });

  it.each([
    ['cert.expired', { nextAttemptInMs: 60_000 }],
    ['sign.digest_conflict', { parked: true }],
    ['internal', { trouble: 'fault', nextAttemptInMs: 4_000 }],
  ])('after %s the document waits, is set aside, or is tried again', async (code, expected) => {
    await stage(code).run([DOCUMENT], stint());
    expect(asked).toBe(1);
    expect(applied).toMatchObject([
      { through: ['QUEUED'], patch: { lastError: code }, ...expected },
    ]);
    expect(applied[0]?.parked ?? false).toBe(code === 'sign.digest_conflict');
  });

  it('EMI-6: what does not fit the schema is not even shown to the signer', async () => {
    const broken = { ...DOCUMENT, bodies: { unsigned: '<ECF></ECF>' } };
    await stage('internal').run([broken], stint());
    expect(asked).toBe(0);
    expect(applied).toMatchObject([{ patch: { lastError: 'ecf.schema_invalid' }, parked: true }]);
  });

  it('EMI-4: a worker that wakes up after its lease asks for no signature', async () => {
    await stage('internal').run([DOCUMENT], stint(-1));
    expect({ asked, applied }).toEqual({ asked: 0, applied: [] });
  });
});

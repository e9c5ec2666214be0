import type { DocumentSteps, Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { HeldStage } from './held-stage.js';
import type { Stint } from './stint.js';
import { emissionDocument } from './testing/emission-document.js';

const NOTE = {
  state: 'HELD',
  heldBy: 'invoice',
  heldByEncf: 'E310000000007',
  encf: 'E340000000001',
};

async function settle(heldByState: EmissionDocument['heldByState']) {
  const steps: Step[] = [];
  const apply = (document: EmissionDocument, step: Step) => {
    steps.push(step);
    return Promise.resolve({ ...document, state: step.through.at(-1) ?? document.state });
  };
  const stage = new HeldStage({ apply } as unknown as DocumentSteps);
  const note = emissionDocument({ ...(NOTE as Partial<EmissionDocument>), heldByState });
  const released = await stage.run([note], { actor: 'test' } as Stint);
  return { steps, released: released.length };
}

test.each(['ACCEPTED', 'CONDITIONALLY_ACCEPTED'] as const)(
  '%s releases the note',
  async (state) => {
    const { steps, released } = await settle(state);
    expect([steps[0]?.through, released]).toEqual([['QUEUED'], 1]);
  },
);

test.each(['SENDING', 'SUBMITTED', 'UNKNOWN', 'HELD', 'CONTINGENCY'] as const)(
  '%s keeps it waiting',
  async (state) => {
    const { steps, released } = await settle(state);
    expect([steps[0]?.through, steps[0]?.patch, released]).toEqual([['HELD'], undefined, 0]);
  },
);

// A voided reference is a note of its own that ended: chains end whole.
test.each([
  ['REJECTED', 'rechazado por la DGII'],
  ['VOIDED', 'anulado'],
] as const)('%s voids it, and says what to do with its number', async (state, word) => {
  const { steps, released } = await settle(state);
  expect([steps[0]?.through, released]).toEqual([['VOIDED'], 0]);
  const [advice] = (steps[0]?.patch?.findings ?? []) as readonly Record<string, string>[];
  expect(advice).toMatchObject({ code: 'BIL-REF-03', severity: 'error' });
  expect(advice?.['message']).toContain(word);
  expect(advice?.['message']).toContain(NOTE.heldByEncf);
  expect(advice?.['fix']).toContain(NOTE.encf);
  expect(advice?.['fix']).toContain('corrects');
});

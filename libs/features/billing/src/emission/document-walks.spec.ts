import { DOCUMENT_STATES, isFinalState, type DocumentState } from '@getupnet/contracts';
import type { TransitionRow, TransitionWriter } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import fc from 'fast-check';
import { TRANSITIONS, eventTypeOf, type StepMaker } from './document-machine.js';
import { DocumentSteps, type Step } from './document-steps.js';
import type { EmissionDocument } from './emission-document.js';
import { emissionDocument } from './testing/emission-document.js';

const MAKERS = [...new Set(TRANSITIONS.flatMap(({ by }) => by))];

/** The table in its simplest form, read anew: what `through` may be, and what it must tell. */
function expected(from: DocumentState, by: StepMaker | 'wait', through: readonly DocumentState[]) {
  const events: string[] = [];
  for (const to of through) {
    if (to === from && isFinalState(to)) return null;
    if (to !== from) {
      const row = TRANSITIONS.find((one) => one.from === from && one.to === to);
      if (row === undefined || by === 'wait' || !row.by.includes(by)) return null;
      events.push(eventTypeOf(to));
    }
    from = to;
  }
  return events;
}

const stepOf = fc.record({
  by: fc.constantFrom(...MAKERS, 'wait' as const),
  through: fc.array(fc.constantFrom(...DOCUMENT_STATES), { minLength: 1, maxLength: 3 }),
  leaseMs: fc.option(fc.constant(1_000), { nil: undefined }),
});

/** Anything, or (a number) one of the rows that lead on from where the document is. */
const moveOf = fc.oneof(stepOf, fc.nat());

function stepAt(state: DocumentState, move: number): Step {
  const rows = TRANSITIONS.filter(({ from }) => from === state);
  const row = rows[move % Math.max(rows.length, 1)];
  return { by: row?.by[move % row.by.length] ?? 'wait', through: [row?.to ?? state] };
}

/** A writer with one document, as the database has it. */
function table(): { writer: TransitionWriter; rows: TransitionRow[] } {
  const rows: TransitionRow[] = [];
  const writer = { submit: (row: TransitionRow) => Promise.resolve(rows.push(row) > 0) };
  return { writer: writer as unknown as TransitionWriter, rows };
}

const config = { get: () => ({ BILLING_HAND_OVER_MS: 30_000 }) } as unknown as Config;

describe('random walks of a document', () => {
  it('EMI-2: never leave the table; each state entered is exactly one event', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('QUEUED' as const, 'HELD' as const),
        fc.array(moveOf, { minLength: 20, maxLength: 60 }),
        async (start, walk) => {
          const { writer, rows } = table();
          const steps = new DocumentSteps(writer, config);
          let document: EmissionDocument = emissionDocument({ state: start, epoch: 0 });
          for (const move of walk) {
            const drawn = typeof move === 'number' ? stepAt(document.state, move) : move;
            const { by, through, leaseMs } = drawn;
            const events = expected(document.state, by, through);
            const step: Step = { by, through, ...(leaseMs === undefined ? {} : { leaseMs }) };
            const made = steps.apply(document, step, 'test');
            if (events === null) {
              await expect(made).rejects.toThrow(/→/);
              // From an end nothing leads on: another document begins.
              if (isFinalState(document.state)) document = emissionDocument({ state: start });
              continue;
            }
            taken += 1;
            const next = await made;
            const row = rows.at(-1);
            expect(row?.events.map(({ type }) => type)).toEqual(events);
            expect([row?.from, row?.to]).toEqual([document.state, through.at(-1)]);
            expect(row?.nextAttemptInMs === null).toBe(isFinalState(through.at(-1) ?? start));
            const moves = leaseMs !== undefined || next?.state !== document.state;
            expect(next?.epoch).toBe(document.epoch + (moves ? 1 : 0));
            document = next ?? document;
          }
          expect(rows.every(({ from }) => !isFinalState(from))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('each row of the table can be walked, by each of its makers', async () => {
    for (const { from, to, by } of TRANSITIONS) {
      if (from === null) continue;
      for (const maker of by) {
        const { writer, rows } = table();
        const document = emissionDocument({ state: from });
        await new DocumentSteps(writer, config).apply(document, { by: maker, through: [to] }, 'x');
        expect(rows[0]?.events.map(({ type }) => type)).toEqual([eventTypeOf(to)]);
      }
    }
  });
});

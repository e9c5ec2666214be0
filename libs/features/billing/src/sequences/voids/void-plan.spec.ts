import fc from 'fast-check';
import {
  byNumber,
  countOf,
  overlapOf,
  planVoid,
  type Numbers,
  type PlannedRange,
} from './void-plan.js';

const range = (first: bigint, last: bigint, next: bigint, tipo = 31): PlannedRange => ({
  ...{ id: `${tipo}-${first}`, tipo, first, last, next },
});
const wanted = (first: bigint, last: bigint, tipo = 31): Numbers => ({ tipo, first, last });
const shown = (numbers: readonly Numbers[]) => numbers.map((n) => `${n.tipo}:${n.first}-${n.last}`);

describe('planVoid', () => {
  it('cuts unused numbers out of the middle, the head and the tail', () => {
    const plan = planVoid(
      [wanted(51n, 60n), wanted(70n, 70n), wanted(91n, 100n)],
      [range(1n, 100n, 51n)],
    );
    expect(plan.used).toEqual([]);
    expect(plan.cuttings[0]?.pieces).toEqual([
      { first: 1n, last: 50n, voided: false },
      { first: 51n, last: 60n, voided: true },
      { first: 61n, last: 69n, voided: false },
      { first: 70n, last: 70n, voided: true },
      { first: 71n, last: 90n, voided: false },
      { first: 91n, last: 100n, voided: true },
    ]);
  });

  it('keeps what was given out apart from what was not', () => {
    const plan = planVoid([wanted(40n, 60n)], [range(1n, 100n, 51n)]);
    expect(shown(plan.used)).toEqual(['31:40-50']);
    expect(plan.cuttings[0]?.pieces[1]).toEqual({ first: 51n, last: 60n, voided: true });
  });

  it('goes over from one range to the next, and finds what is in none', () => {
    const ranges = [range(1n, 10n, 11n), range(11n, 20n, 11n), range(31n, 40n, 31n)];
    const plan = planVoid([wanted(9n, 35n)], ranges);
    expect(shown(plan.used)).toEqual(['31:9-10']);
    expect(shown(plan.foreign)).toEqual(['31:21-30']);
    expect(shown(planVoid([wanted(5n, 6n, 32)], ranges).foreign)).toEqual(['32:5-6']);
    expect(shown(planVoid([wanted(38n, 50n)], ranges).foreign)).toEqual(['31:41-50']);
  });

  it('loses no number and gives none twice, whatever is asked for', () => {
    const size = 60;
    const bounds = fc.array(fc.integer({ min: 1, max: size }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(bounds, bounds, fc.integer({ min: 0, max: size }), (cuts, asks, next) => {
        const ranges = intervals(cuts).map(([first, last]) =>
          range(first, last, min(max(BigInt(next), first), last + 1n)),
        );
        const asked = intervals(asks).map(([first, last]) => wanted(first, last));
        const plan = planVoid(asked, ranges);
        const taken = plan.cuttings.flatMap(({ pieces }) =>
          pieces.filter(({ voided }) => voided).map((piece) => ({ ...piece, tipo: 31 })),
        );
        const all = [...plan.used, ...taken, ...plan.foreign].sort(byNumber);
        expect(overlapOf(all)).toBeNull();
        expect(countOf(all)).toBe(countOf(asked));
        for (const { range: cut, pieces } of plan.cuttings) {
          expect(pieces[0]?.first).toBe(cut.first);
          expect(pieces.at(-1)?.last).toBe(cut.last);
          pieces.slice(1).forEach((piece, at) => {
            expect(piece.first).toBe((pieces[at]?.last ?? 0n) + 1n);
          });
          expect(pieces.every((piece) => !piece.voided || piece.first >= cut.next)).toBe(true);
        }
      }),
    );
  });
});

test('overlapOf finds numbers asked for twice', () => {
  expect(overlapOf([wanted(1n, 5n), wanted(5n, 6n)])).toEqual(wanted(5n, 6n));
  expect(overlapOf([wanted(1n, 5n), wanted(6n, 6n), wanted(1n, 9n, 32)])).toBeNull();
});

/** Disjoint intervals between sorted, distinct bounds: every other one. */
function intervals(bounds: readonly number[]): [bigint, bigint][] {
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  return sorted.flatMap((from, at): [bigint, bigint][] => {
    const to = sorted[at + 1];
    return at % 2 === 1 || to === undefined ? [] : [[BigInt(from), BigInt(to) - 1n]];
  });
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

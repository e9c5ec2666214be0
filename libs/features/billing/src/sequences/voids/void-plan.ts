/** Numbers of one type, first and last. */
export interface Numbers {
  readonly tipo: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** What the plan needs of a registered range. */
export interface PlannedRange extends Numbers {
  readonly id: string;
  readonly next: bigint;
}

/** A part of a range that was cut to pieces. */
export interface Piece {
  readonly first: bigint;
  readonly last: bigint;
  /** Its numbers are out of use; otherwise they go on being given. */
  readonly voided: boolean;
}

/** How a range with unused numbers to be voided is cut: it keeps the first piece. */
export interface Cutting {
  readonly range: PlannedRange;
  /** In order, without gaps: together they are the range. */
  readonly pieces: readonly Piece[];
}

export interface VoidPlan {
  /** Numbers given out before, whose documents must not need them. */
  readonly used: readonly Numbers[];
  readonly cuttings: readonly Cutting[];
  /** Numbers in no registered range; nothing can be voided then. */
  readonly foreign: readonly Numbers[];
}

export const byNumber = (a: Numbers, b: Numbers): number =>
  a.tipo - b.tipo || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);

/** Two of the ranges that share numbers, if any do; the ranges are in order. */
export function overlapOf(sorted: readonly Numbers[]): Numbers | null {
  const overlapping = sorted.find((range, at) => {
    const before = sorted[at - 1];
    return before !== undefined && before.tipo === range.tipo && before.last >= range.first;
  });
  return overlapping ?? null;
}

export const countOf = (ranges: readonly Numbers[]): bigint =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/**
 * How numbers are taken out of use: those not given out yet become ranges of their own that give none,
 * so that whoever accepts a document afterwards cannot meet them. Both lists in order.
 */
export function planVoid(requested: readonly Numbers[], ranges: readonly PlannedRange[]): VoidPlan {
  const used: Numbers[] = [];
  const foreign: Numbers[] = [];
  const unused = new Map<PlannedRange, Numbers[]>();
  for (const wanted of requested) {
    let from = wanted.first;
    for (const range of ranges) {
      if (range.tipo !== wanted.tipo || range.last < from || range.first > wanted.last) continue;
      if (range.first > from) foreign.push({ ...wanted, first: from, last: range.first - 1n });
      from = max(from, range.first);
      const to = min(wanted.last, range.last);
      if (from < range.next) used.push({ ...wanted, first: from, last: min(to, range.next - 1n) });
      if (to >= range.next) {
        const own = unused.get(range) ?? [];
        own.push({ ...wanted, first: max(from, range.next), last: to });
        unused.set(range, own);
      }
      from = to + 1n;
    }
    if (from <= wanted.last) foreign.push({ ...wanted, first: from });
  }
  const cuttings = [...unused].map(([range, parts]) => ({ range, pieces: piecesOf(range, parts) }));
  return { used, cuttings, foreign };
}

function piecesOf(range: PlannedRange, voided: readonly Numbers[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = range.first;
  for (const { first, last } of voided) {
    if (first > from) pieces.push({ first: from, last: first - 1n, voided: false });
    pieces.push({ first, last, voided: true });
    from = last + 1n;
  }
  if (from <= range.last) pieces.push({ first: from, last: range.last, voided: false });
  return pieces;
}

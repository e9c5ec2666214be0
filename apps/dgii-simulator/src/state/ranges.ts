/** Consecutive numbers of one type, both ends included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** The same numbers in order, without overlaps or neighbours. */
export function merge(ranges: readonly NumberRange[]): NumberRange[] {
  const merged: NumberRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const end = merged.at(-1);
    if (end === undefined || range.first > end.last + 1) merged.push(range);
    else if (range.last > end.last) {
      merged[merged.length - 1] = { first: end.first, last: range.last };
    }
  }
  return merged;
}

/** Which numbers of `range` are in `others` (merged). */
export function shared(range: NumberRange, others: readonly NumberRange[]): NumberRange[] {
  return others
    .filter(({ first, last }) => first <= range.last && last >= range.first)
    .map(({ first, last }) => ({
      first: Math.max(first, range.first),
      last: Math.min(last, range.last),
    }));
}

/** Which numbers of `range` are not in `others` (merged). */
export function without(range: NumberRange, others: readonly NumberRange[]): NumberRange[] {
  const free: NumberRange[] = [];
  let next = range.first;
  for (const { first, last } of shared(range, others)) {
    if (first > next) free.push({ first: next, last: first - 1 });
    next = last + 1;
  }
  if (next <= range.last) free.push({ first: next, last: range.last });
  return free;
}

export function includes(ranges: readonly NumberRange[], number: number): boolean {
  return ranges.some(({ first, last }) => first <= number && number <= last);
}

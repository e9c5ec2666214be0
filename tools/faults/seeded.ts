import { createHash } from 'node:crypto';

/** Draws that are the same again for the same seed and label, whatever else is drawn. */
export class Seeded {
  #drawn = 0;

  constructor(private readonly seed: string) {}

  /** A stream of its own. */
  fork(label: string | number): Seeded {
    return new Seeded(`${this.seed}/${label}`);
  }

  /** 0 ≤ x < 1. */
  next(): number {
    const text = `${this.seed}|${(this.#drawn += 1)}`;
    return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** from ≤ x < to. */
  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    const result: T[] = [];
    while (rest.length > 0) result.push(...rest.splice(this.below(rest.length), 1));
    return result;
  }
}

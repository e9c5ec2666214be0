import { createHash } from 'node:crypto';

/** Draws that depend on the seed only, so that a test set can be made again. */
export class Random {
  private draws = 0;

  constructor(private readonly seed: string) {}

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    this.draws += 1;
    const digest = createHash('sha256').update(`${this.seed}|${this.draws}`).digest();
    return from + (digest.readUInt32BE(0) % (to - from + 1));
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.integer(0, values.length - 1)] ?? values[0];
  }

  /** A price as text: pesos drawn between the ends, and cents. */
  price(from: number, to: number, decimals: '' | '.00' | '.0000' = ''): string {
    const pesos = this.integer(from, to);
    if (decimals !== '') return `${pesos}${decimals}`;
    return `${pesos}.${String(this.integer(0, 99)).padStart(2, '0')}`;
  }

  /** Digits of a number somebody else gave: an order, a container, a reference. */
  digits(length: number): string {
    return Array.from({ length }, (_, at) => this.integer(at === 0 ? 1 : 0, 9)).join('');
  }
}

import { Clock } from '@getupnet/kernel';

/** A clock that stands still until the test moves it. */
export class FakeClock extends Clock {
  #now: number;

  constructor(start: Date | string = '2026-03-02T14:00:00.000Z') {
    super();
    this.#now = new Date(start).getTime();
  }

  override now(): Date {
    return new Date(this.#now);
  }

  advance(byMs: number): void {
    this.#now += byMs;
  }

  set(to: Date | string): void {
    this.#now = new Date(to).getTime();
  }
}

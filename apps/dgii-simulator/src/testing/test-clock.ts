import { Clock } from '@getupnet/kernel';

/** A clock that a test moves. */
export class TestClock extends Clock {
  constructor(private instant = new Date('2026-06-15T14:00:00Z')) {
    super();
  }

  override now(): Date {
    return this.instant;
  }

  forward(ms: number): void {
    this.instant = new Date(this.instant.getTime() + ms);
  }
}

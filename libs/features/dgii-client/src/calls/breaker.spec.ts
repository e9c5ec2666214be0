import { Clock } from '@getupnet/kernel';
import { Breaker, BREAKER_OPEN_MS, type BreakerState, type Permit } from './breaker.js';

class TestClock extends Clock {
  ms = 1_000_000;
  override now(): Date {
    return new Date(this.ms);
  }
}

describe('Breaker', () => {
  let clock: TestClock;
  let states: BreakerState[];
  let breaker: Breaker;

  beforeEach(() => {
    clock = new TestClock();
    states = [];
    breaker = new Breaker(clock, { onChange: (state) => states.push(state) });
  });

  const permit = (): Permit => {
    const admission = breaker.admit();
    if (!admission.admitted) throw new Error('turned away');
    return admission.permit;
  };
  const fail = (times: number): void => {
    for (let i = 0; i < times; i += 1) permit().failed();
  };

  it('opens at the fifth failure in a row, not at the fourth', () => {
    fail(4);
    permit().succeeded();
    fail(4);
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    expect(breaker.admit()).toEqual({ admitted: false, retryAfterMs: BREAKER_OPEN_MS });
  });

  it('lets three trials through after its term and closes when all three succeed', () => {
    fail(5);
    clock.ms += BREAKER_OPEN_MS - 1;
    expect(breaker.admit()).toEqual({ admitted: false, retryAfterMs: 1 });
    clock.ms += 1;
    const trials = [permit(), permit(), permit()];
    expect(breaker.admit()).toMatchObject({ admitted: false });
    trials[0]?.succeeded();
    trials[1]?.succeeded();
    expect(breaker.state).toBe('half-open');
    trials[2]?.succeeded();
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('opens again for a full term when one trial fails', () => {
    fail(5);
    clock.ms += BREAKER_OPEN_MS;
    permit().succeeded();
    permit().failed();
    expect(breaker.state).toBe('open');
    expect(breaker.admit()).toEqual({ admitted: false, retryAfterMs: BREAKER_OPEN_MS });
  });

  it('does not count calls that began before it opened as trials', () => {
    const slow = [permit(), permit(), permit()];
    fail(5);
    clock.ms += BREAKER_OPEN_MS;
    permit();
    slow.forEach((one) => one.succeeded());
    expect(breaker.state).toBe('half-open');
    slow.forEach((one) => one.failed());
    expect(breaker.state).toBe('half-open');
  });

  it('an answer that says nothing counts neither way, and a trial of it is made again', () => {
    fail(4);
    permit().undecided();
    expect(breaker.state).toBe('closed');
    fail(1);
    expect(breaker.state).toBe('open');
    clock.ms += BREAKER_OPEN_MS;
    for (let i = 0; i < 5; i += 1) permit().undecided();
    expect(breaker.state).toBe('half-open');
    for (let i = 0; i < 3; i += 1) permit().succeeded();
    expect(breaker.state).toBe('closed');
  });

  it('does not stay open when the clock is set back', () => {
    fail(5);
    clock.ms -= 3_600_000;
    expect(breaker.admit()).toMatchObject({ admitted: true });
  });
});

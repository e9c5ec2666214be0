import { Meter } from './meter.js';

const LIMIT = { perSecond: 10, burst: 5 };
const meter = (isShared = false, maxKeys?: number): Meter =>
  new Meter('test', LIMIT, isShared, maxKeys);
const takeMany = (of: Meter, key: string, times: number, nowMs: number): number[] =>
  Array.from({ length: times }, () => of.take(key, nowMs));

describe('LIM-1', () => {
  test('so many at once, then the rate, with the seconds to wait', () => {
    const one = meter();
    expect(takeMany(one, 'a', 6, 0)).toEqual([0, 0, 0, 0, 0, 1]);
    // A tenth of a second frees one.
    expect(takeMany(one, 'a', 2, 100)).toEqual([0, 1]);
    expect(takeMany(one, 'a', 6, 100_000)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  test('over a minute nobody gets more than burst and rate', () => {
    const one = meter();
    let admitted = 0;
    for (let ms = 0; ms < 60_000; ms += 1) if (one.take('a', ms) === 0) admitted += 1;
    expect(admitted).toBeGreaterThanOrEqual(600);
    expect(admitted).toBeLessThanOrEqual(605);
  });

  test('keys do not spend each other’s', () => {
    const one = meter();
    takeMany(one, 'a', 6, 0);
    expect(one.take('b', 0)).toBe(0);
  });

  test('a long wait is said in full', () => {
    const slow = new Meter('slow', { perSecond: 1, burst: 1 }, false);
    slow.scale(0.1);
    expect(takeMany(slow, 'a', 2, 0)).toEqual([0, 10]);
  });

  test('a part of the limit is a part of both rate and burst, and never nothing', () => {
    const one = meter();
    one.scale(0.4);
    expect(takeMany(one, 'a', 3, 0)).toEqual([0, 0, 1]);
    one.scale(0.001);
    expect(one.take('b', 0)).toBe(0);
    expect(one.take('b', 0)).toBeGreaterThan(1);
  });

  test('with too many keys, newcomers share one limit instead of having none', () => {
    const one = meter(false, 2);
    one.take('a', 0);
    one.take('b', 0);
    const answers = Array.from({ length: 7 }, (_, index) => one.take(`new-${index}`, 0));
    expect(answers).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect(one.size).toBe(3);
    one.sweep(10_000);
    expect(one.size).toBe(0);
  });

  test('what others admitted counts here, and what was admitted meanwhile is not lost', () => {
    const one = meter(true);
    takeMany(one, 'a', 2, 0);
    const untold = one.takeUntold(10, 0);
    expect(untold).toEqual([{ key: 'a', hits: 2 }]);
    one.take('a', 0);
    // Another process admitted two as well.
    one.learn('a', 4, 0);
    expect(takeMany(one, 'a', 1, 0)).toEqual([1]);
    expect(one.takeUntold(10, 0)).toEqual([{ key: 'a', hits: 1 }]);
    expect(one.takeUntold(10, 0)).toEqual([]);
  });

  test('what could not be told is told later, but for what has drained meanwhile', () => {
    const one = meter(true);
    takeMany(one, 'a', 4, 0);
    one.putBack(one.takeUntold(10, 0));
    expect(one.takeUntold(10, 200)).toEqual([{ key: 'a', hits: 2 }]);
  });
});

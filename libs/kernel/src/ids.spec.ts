import { jest } from '@jest/globals';
import { isUuid, newId } from './ids.js';

const COUNT = 5_000;

it('ids are UUIDs of version 7 and ascend, also within a millisecond', () => {
  const from = Date.now();
  const ids = Array.from({ length: COUNT }, newId);
  const until = Date.now();
  expect(ids.every(isUuid)).toBe(true);
  expect(ids.every((id) => /^.{14}7.{4}[89ab]/.test(id))).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  const times = ids.map((id) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  expect(times[0]).toBeGreaterThanOrEqual(from);
  expect(times.at(-1)).toBeLessThanOrEqual(until);
});

it('no two ids share their random part', () => {
  const tails = Array.from({ length: COUNT }, () => newId().slice(24));
  expect(new Set(tails).size).toBe(COUNT);
});

describe('when the clock steps back', () => {
  afterEach(() => jest.useRealTimers());

  it('ids go on from where they were', () => {
    jest.useFakeTimers({ now: Date.now() + 60_000 });
    const before = newId();
    jest.setSystemTime(Date.now() - 30_000);
    const after = newId();
    expect(after > before).toBe(true);
    expect(after.slice(0, 13)).toBe(before.slice(0, 13));
  });
});

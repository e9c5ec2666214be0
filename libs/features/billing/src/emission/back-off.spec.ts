import { backOffMs, pollWaitMs } from './back-off.js';

describe('waits', () => {
  it('double from one second to five minutes', () => {
    expect([0, 1, 2, 3, 4].map(backOffMs)).toEqual([1_000, 1_000, 2_000, 4_000, 8_000]);
    expect(backOffMs(9)).toBe(256_000);
    expect(backOffMs(10)).toBe(300_000);
    expect(backOffMs(10_000)).toBe(300_000);
  });

  it('ask for a result soon at first and ever less often', () => {
    expect(pollWaitMs(0, 1_000)).toBe(1_000);
    expect(pollWaitMs(20_000, 1_000)).toBe(5_000);
    expect(pollWaitMs(86_400_000, 1_000)).toBe(300_000);
  });
});

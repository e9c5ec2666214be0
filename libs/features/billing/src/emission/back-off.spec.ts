import { askWaitMs, backOffMs, pollWaitMs, resumeWaitMs } from './back-off.js';

const LEAST = (): number => 0;
const MOST = (): number => 0.999_999_999;

describe('waits', () => {
  it('DGI-4: have a bound that doubles from one second to one minute', () => {
    expect([0, 1, 2, 3, 4].map(backOffMs)).toEqual([1_000, 1_000, 2_000, 4_000, 8_000]);
    expect(backOffMs(6)).toBe(32_000);
    expect(backOffMs(7)).toBe(60_000);
    expect(backOffMs(10_000)).toBe(60_000);
  });

  it('DGI-4: are drawn from all below the bound, after DGII can have read, within the window', () => {
    expect(askWaitMs(4, 60_000, LEAST)).toBe(250);
    expect(askWaitMs(4, 60_000, MOST)).toBe(7_999);
    expect(askWaitMs(4, 2_500, MOST)).toBe(2_500);
    const drawn = new Set(Array.from({ length: 50 }, () => askWaitMs(6, 60_000)));
    expect(drawn.size).toBeGreaterThan(20);
  });

  it('what was not sent comes back when told to, not all at once, and not in a day', () => {
    expect(resumeWaitMs(60_000, LEAST)).toBe(60_000);
    expect(resumeWaitMs(60_000, MOST)).toBe(62_999);
    expect(resumeWaitMs(200, MOST)).toBe(399);
    expect(resumeWaitMs(86_400_000, LEAST)).toBe(600_000);
  });

  it('ask for a result soon at first and ever less often', () => {
    expect(pollWaitMs(0, 1_000)).toBe(1_000);
    expect(pollWaitMs(20_000, 1_000)).toBe(5_000);
    expect(pollWaitMs(86_400_000, 1_000)).toBe(60_000);
  });
});

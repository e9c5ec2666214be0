import { byKind, outlookOf, ratePerDay, stockOf, type RangeHistory } from './forecast.js';

const TODAY = '2026-03-31';

const range = (overrides: Partial<RangeHistory> = {}): RangeHistory => ({
  ...{ id: 'r', tipo: 31, branch: null, first: 1n, last: 1_000n, next: 1n, expiresOn: null },
  ...{ createdOn: '2026-01-01', standings: [] },
  ...overrides,
});
const stood = (day: string, next: bigint) => ({ day, next });

describe('ratePerDay', () => {
  it('counts from where the range stood at the beginning of the window', () => {
    const standings = [stood('2026-02-01', 101n), stood('2026-03-24', 301n)];
    const one = range({ next: 371n, standings });
    expect(ratePerDay([one], TODAY, 7)).toBe(10);
    expect(ratePerDay([one], TODAY, 30)).toBe(9);
  });

  it('counts a range that followed another in the middle of the window as their continuation', () => {
    const old = range({ next: 1_001n, standings: [stood('2026-03-01', 301n)] });
    const young = range({ first: 2_001n, last: 9_000n, next: 2_201n, createdOn: '2026-03-25' });
    expect(ratePerDay([old, young], TODAY, 30)).toBe(30);
  });

  it('does not take a new installation’s first hour for a day', () => {
    expect(ratePerDay([range({ next: 51n, createdOn: TODAY })], TODAY, 7)).toBe(50);
  });

  it('looks at what is known where nobody noted the beginning of the window', () => {
    const one = range({ next: 901n, standings: [stood('2026-03-29', 801n)] });
    expect(ratePerDay([one], TODAY, 30)).toBe(50);
    expect(ratePerDay([range({ next: 891n })], TODAY, 7)).toBe(10);
  });

  it('is nothing where nothing was used', () => {
    expect(ratePerDay([range()], TODAY, 7)).toBe(0);
    expect(ratePerDay([], TODAY, 7)).toBe(0);
  });
});

describe('stockOf', () => {
  it('is low at ten per cent of the ranges that give numbers, not above', () => {
    expect(stockOf([range({ next: 900n })], TODAY)).toMatchObject({ remaining: 101n, low: false });
    expect(stockOf([range({ next: 901n })], TODAY)).toMatchObject({ remaining: 100n, low: true });
    const spare = range({ first: 2_001n, last: 3_000n, next: 2_001n });
    expect(stockOf([range({ next: 1_001n }), spare], TODAY)).toMatchObject({
      authorised: 1_000n,
      remaining: 1_000n,
      low: false,
    });
  });

  it('counts an expired range no more, on the day of its expiry still', () => {
    expect(stockOf([range({ expiresOn: TODAY })], TODAY).remaining).toBe(1_000n);
    expect(stockOf([range({ expiresOn: '2026-03-30' })], TODAY).remaining).toBe(0n);
  });
});

describe('outlookOf', () => {
  const used = (perDay: bigint, more: Partial<RangeHistory> = {}) =>
    range({
      next: 1n + perDay * 30n,
      standings: [stood('2026-03-01', 1n), stood('2026-03-24', 1n + perDay * 23n)],
      ...more,
    });

  it('says when the numbers end at the faster of the two rates', () => {
    const standings = [stood('2026-03-01', 1n), stood('2026-03-24', 31n)];
    const one = outlookOf([range({ next: 101n, standings })], TODAY, 30);
    expect(one).toMatchObject({ perDay7: 10, perDay30: 3.3, daysLeft: 90, status: 'OK' });
    expect(one.exhaustsOn).toBe('2026-06-29');
  });

  it('says what will lapse: the rest of a range that expires first', () => {
    const lapsing = used(10n, { last: 1_000n, expiresOn: '2026-04-09' });
    const spare = range({ first: 2_001n, last: 2_100n, next: 2_001n, expiresOn: '2026-12-31' });
    expect(outlookOf([lapsing, spare], TODAY, 30)).toMatchObject({
      status: 'EXPIRING',
      expiresOn: '2026-04-09',
      lapsing: 600n,
      daysLeft: 20,
    });
  });

  it('promises no end to numbers nobody uses, and an expiry if they have one', () => {
    expect(outlookOf([range()], TODAY, 30)).toMatchObject({ daysLeft: null, exhaustsOn: null });
    expect(outlookOf([range({ expiresOn: '2026-12-31' })], TODAY, 30)).toMatchObject({
      exhaustsOn: '2027-01-01',
      lapsing: 1_000n,
    });
  });

  it('knows what is used up and what is low', () => {
    expect(outlookOf([range({ next: 1_001n })], TODAY, 30).status).toBe('USED_UP');
    expect(outlookOf([range({ next: 950n })], TODAY, 30).status).toBe('LOW');
  });
});

test('byKind keeps types and branches apart, everybody’s first', () => {
  const ranges = [range({ tipo: 32 }), range({ branch: 'SUR' }), range(), range({ id: 's' })];
  const kinds = byKind(ranges).map((group) => [group[0]?.tipo, group[0]?.branch, group.length]);
  expect(kinds).toEqual([
    [31, null, 2],
    [31, 'SUR', 1],
    [32, null, 1],
  ]);
});

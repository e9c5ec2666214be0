import type { WatchedRange } from '@getupnet/persistence';
import { alertsOf } from './sequence-alerts.js';

const TODAY = '2026-03-31';

const range = (overrides: Partial<WatchedRange> = {}): WatchedRange => ({
  ...{ tenantId: 't', id: 'a', environment: 'ecf', tipo: 31, branch: null, told: [] },
  ...{ first: 1n, last: 1_000n, next: 1n, expiresOn: '2027-12-31' },
  ...overrides,
});
const told = (...ranges: WatchedRange[]) =>
  alertsOf(ranges, TODAY, 30).map((alert) => `${alert.kind} ${alert.range.id}`);

describe('alertsOf', () => {
  it('says nothing while there are numbers enough', () => {
    expect(told(range({ next: 900n }))).toEqual([]);
  });

  it('tells of the last tenth, and of the end, each once', () => {
    expect(told(range({ next: 901n }))).toEqual(['low a']);
    expect(told(range({ next: 901n, told: ['low'] }))).toEqual([]);
    expect(told(range({ next: 1_001n, told: ['low'] }))).toEqual(['used_up a']);
    expect(told(range({ next: 1_001n, told: ['low', 'used_up'] }))).toEqual([]);
  });

  it('tells again of the range that follows', () => {
    const old = range({ next: 1_001n, told: ['low', 'used_up'] });
    const young = { id: 'b', first: 2_001n, last: 3_000n };
    expect(told(old, range({ ...young, next: 2_001n }))).toEqual([]);
    expect(told(old, range({ ...young, next: 2_950n }))).toEqual(['low b']);
  });

  it('tells again of a range that lies below one told of before', () => {
    const old = { id: 'b', first: 2_001n, last: 3_000n };
    const gone = range({ ...old, next: 3_001n, told: ['low', 'used_up'] });
    expect(told(gone, range({ next: 950n }))).toEqual(['low a']);
    expect(told(gone, range({ next: 1_001n, told: ['low'] }))).toEqual(['used_up a']);
    expect(told(gone, range({ next: 1_001n, told: ['low', 'used_up'] }))).toEqual([]);
    const few = range({ ...old, next: 2_996n, told: ['low'] });
    expect(told(range({ next: 901n }), few)).toEqual(['low a']);
  });

  it('tells of numbers that are low or gone once for all that had them', () => {
    const [one, other] = [range({ next: 1_001n }), range({ id: 'b', first: 2_001n, last: 3_000n })];
    const saidFor = (...ranges: WatchedRange[]) =>
      alertsOf(ranges, TODAY, 30).map((alert) => [alert.kind, ...alert.ranges.map(({ id }) => id)]);
    expect(saidFor(one, { ...other, next: 3_001n })).toEqual([['used_up', 'a', 'b']]);
    expect(saidFor(one, { ...other, next: 2_950n })).toEqual([['low', 'b']]);
    expect(saidFor({ ...one, next: 990n }, { ...other, next: 2_950n })).toEqual([
      ['low', 'a', 'b'],
    ]);
  });

  it('tells of a range with numbers that expires within the days, and of no other', () => {
    expect(told(range({ expiresOn: '2026-04-30' }))).toEqual(['expiring a']);
    expect(told(range({ expiresOn: '2026-05-01' }))).toEqual([]);
    expect(told(range({ expiresOn: '2026-04-30', told: ['expiring'] }))).toEqual([]);
    expect(told(range({ expiresOn: '2026-03-30' }))).toEqual(['used_up a']);
  });

  it('leaves a branch alone that goes on with everybody’s numbers', () => {
    const branch = range({ id: 's', branch: 'SUR', first: 5_001n, last: 6_000n, next: 6_001n });
    expect(told(range(), branch)).toEqual([]);
    expect(told(branch)).toEqual(['used_up s']);
    expect(told(range(), { ...branch, next: 5_950n })).toEqual(['low s']);
  });
});

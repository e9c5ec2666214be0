import { includes, merge, shared, without } from './ranges.js';

const range = (first: number, last: number): { first: number; last: number } => ({ first, last });

describe('ranges of numbers', () => {
  it('are merged when they touch or overlap', () => {
    expect(merge([range(8, 9), range(1, 3), range(4, 5), range(2, 2)])).toEqual([
      range(1, 5),
      range(8, 9),
    ]);
  });

  it('are divided into what others hold and what is left', () => {
    const others = [range(1, 2), range(5, 5), range(9, 20)];
    expect(shared(range(2, 10), others)).toEqual([range(2, 2), range(5, 5), range(9, 10)]);
    expect(without(range(2, 10), others)).toEqual([range(3, 4), range(6, 8)]);
    expect(without(range(10, 12), others)).toEqual([]);
    expect(without(range(30, 31), others)).toEqual([range(30, 31)]);
  });

  it('include their ends', () => {
    expect([1, 2, 3, 4].map((number) => includes([range(2, 3)], number))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

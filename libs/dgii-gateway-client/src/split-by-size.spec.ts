import { splitBySize } from './split-by-size.js';

describe('splitBySize', () => {
  it.each([
    [[], []],
    [[3, 3, 4], [[3, 3, 4]]],
    [
      [3, 3, 4, 1],
      [[3, 3, 4], [1]],
    ],
    [
      [99, 1, 9, 1],
      [[99], [1, 9], [1]],
    ],
  ])('%j with a limit of 10 → %j', (items, lists) => {
    expect(splitBySize(items, 10, (item) => item)).toEqual(lists);
  });
});

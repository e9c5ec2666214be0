import { GrowingStatement } from './growing-statement.js';

test('a growing statement is prepared anew each time its rows have doubled', () => {
  const statement = new GrowingStatement('s', 'SELECT $1');
  const names = [1, 1, 1, 64, 1, 64, 0].map((rows) => statement.query([1], rows).name);
  expect(names).toEqual(['s-0', 's-1', 's-1', 's-6', 's-6', 's-7', 's-7']);
  expect(statement.query([2], 1)).toEqual({ name: 's-7', text: 'SELECT $1', values: [2] });
});

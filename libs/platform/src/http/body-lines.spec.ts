import { isAppError } from '@getupnet/kernel';
import { z } from 'zod';
import { BodyLines } from './body-lines.js';

const lines = (text: string): BodyLines =>
  new BodyLines(Buffer.from(text), (bytes) => JSON.parse(bytes.toString()) as unknown);

const codeOf = (read: () => unknown): unknown => {
  try {
    return read();
  } catch (error) {
    return isAppError(error) ? error.code : error;
  }
};

test.each<[string, string, readonly (readonly [number, unknown])[]]>([
  [
    'one a line',
    '1\n2\n',
    [
      [1, 1],
      [2, 2],
    ],
  ],
  [
    'no line feed at the end',
    '1\n2',
    [
      [1, 1],
      [2, 2],
    ],
  ],
  [
    'carriage returns',
    '1\r\n2\r\n',
    [
      [1, 1],
      [2, 2],
    ],
  ],
  [
    'empty lines count and say nothing',
    '\n\n1\n \t\r\n2\n\n',
    [
      [3, 1],
      [5, 2],
    ],
  ],
  ['spaces before', '  7\n', [[1, 7]]],
  ['nothing', '', []],
  ['nothing but line feeds', '\n\n\n', []],
])('%s', (_, text, expected) => {
  const found = [...lines(text)].map((line) => [line.number, line.read(z.number())]);
  expect(found).toEqual(expected);
});

test('counts up to the limit and not further', () => {
  expect(lines('1\n2\n3').hasMoreThan(3)).toBe(false);
  expect(lines('1\n2\n3\n4').hasMoreThan(3)).toBe(true);
  expect(lines('\n\n\n\n\n1').hasMoreThan(1)).toBe(false);
});

test('a value the schema does not take is validation.failed', () => {
  const [line] = lines('"x"');
  expect(codeOf(() => line?.read(z.number()))).toBe('validation.failed');
});

test('a line may have 1 MB and not a byte more', () => {
  const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
  const [fits] = lines(text(1024 * 1024));
  const [large] = lines(text(1024 * 1024 + 1));
  expect(codeOf(() => typeof fits?.read(z.string()))).toBe('string');
  expect(codeOf(() => large?.read(z.string()))).toBe('request.too_large');
});

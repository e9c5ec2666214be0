import { nearest } from './nearest.js';

const COMMANDS = ['validate', 'complete', 'sign', 'verify'];

test.each([
  ['signn', 'sign'],
  ['sgin', 'sign'],
  ['VALIDATE', 'validate'],
  ['complet', 'complete'],
])('%s is meant to be %s', (written, meant) => {
  expect(nearest(written, COMMANDS)).toBe(meant);
});

test('another word is near none', () => {
  expect(nearest('explain', COMMANDS)).toBeUndefined();
});

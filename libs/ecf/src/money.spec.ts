import fc from 'fast-check';
import { decimal, moneyText as referenceText } from '@getupnet/kernel';
import { amountText, money, moneyText, over, percentOf, times, type Money } from './money.js';

const value = (text: string): Money => {
  const parsed = money(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

const amount = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }), fc.integer({ min: 0, max: 9999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);

test('agrees with decimal.js on products, percentages and quotients', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const [x, y] = [decimal(a), decimal(b)];
      expect(moneyText(times(value(a), value(b)))).toBe(referenceText(x.times(y)));
      expect(moneyText(percentOf(value(a), value('18')))).toBe(referenceText(x.times('0.18')));
      expect(moneyText(over(value(a), value('1.18')))).toBe(referenceText(x.div('1.18')));
    }),
  );
});

test.each([
  ['0.005', '0.01'],
  ['0.0049999', '0.00'],
  ['1.015', '1.02'],
  ['-0.005', '-0.01'],
  ['-1.004', '-1.00'],
  ['9999999999999999.995', '10000000000000000.00'],
])('%s is rounded half-up to %s', (text, rounded) => {
  expect(moneyText(value(text))).toBe(rounded);
});

test('a quotient that ends on the half cent is rounded up', () => {
  // 0.0295 / 1.18 = 0.025 exactly.
  expect(moneyText(over(value('0.0295'), value('1.18')))).toBe('0.03');
});

test.each(['', 'x', '1,0', '1.', '.5', '1e3', ' 1'])('%j is no amount', (text) => {
  expect(money(text)).toBeUndefined();
  expect(amountText(text)).toBe(text);
});

test('two decimals are written, whatever was stated', () => {
  expect(['40', '1.0', '+3.25', '-0', '385.0000'].map(amountText)).toEqual([
    '40.00',
    '1.00',
    '3.25',
    '0.00',
    '385.00',
  ]);
});

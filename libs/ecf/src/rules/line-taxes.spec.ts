import { readFileSync } from 'node:fs';
import { moneyText, ZERO } from '../money.js';
import { parse } from '../xml/read.js';
import { lineTaxes, type LineTaxes } from './line-taxes.js';

const example = (path: string) =>
  parse(readFileSync(new URL(`../../examples/${path}.xml`, import.meta.url), 'utf8'));

const sum = (lines: readonly LineTaxes[], of: 'itbis' | 'specificTax' | 'adValoremTax' | 'net') =>
  moneyText(lines.reduce((total, line) => total + line[of], ZERO));

test('lines add up to the totals of a document without global adjustments', () => {
  for (const path of ['31/two-pages', '31/dollars', '41/informal-supplier', '45/ministry']) {
    const document = example(path);
    const lines = lineTaxes(document);
    expect(lines).toHaveLength(document.DetallesItems.Item.length);
    expect(sum(lines, 'itbis')).toBe(document.Encabezado.Totales.TotalITBIS ?? '0.00');
  }
});

test('selective taxes are split by kind and are part of the base of the ITBIS', () => {
  const lines = lineTaxes(example('31/beer-selective-tax'));
  expect(sum(lines, 'specificTax')).toBe('2425.31');
  expect(sum(lines, 'adValoremTax')).toBe('1813.42');
  expect(sum(lines, 'itbis')).toBe('4092.97');
});

test('other additional taxes share the global discount of their lines', () => {
  const [line] = lineTaxes(example('31/telephony'));
  expect(line && moneyText(line.otherTaxes)).toBe('466.05');
});

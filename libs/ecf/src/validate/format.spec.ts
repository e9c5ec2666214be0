import { completed, findingsAfter, request } from '../testing/builders.js';
import { validateFormat } from './format.js';

const seed = (fecha: string) => validateFormat('Semilla', { valor: 'x', fecha });

test.each([
  '2024-02-29T10:00:00',
  '2000-02-29T10:00:00Z',
  '2024-05-05T24:00:00',
  '2024-05-05T10:00:00.1234567-04:00',
  '2024-05-05T10:00:00+14:00',
  '12024-02-29T10:00:00',
])('%s is a moment', (fecha) => {
  expect(seed(fecha)).toEqual([]);
});

test.each([
  '2024-02-30T10:00:00',
  '1900-02-29T10:00:00',
  '2024-13-01T10:00:00',
  '2024-05-05T24:00:01',
  '2024-05-05T25:00:00',
  '2024-05-05T10:60:00',
  '2024-05-05T10:00:60',
  '2024-05-05T10:00:00+14:01',
  '0000-05-05T10:00:00',
  '02024-05-05T10:00:00',
])('%s is none', (fecha) => {
  expect(seed(fecha).map(({ code }) => code)).toEqual(['ECF-FMT-10']);
});

/** With a step for each pair of characters these would take hours. */
test.each([
  ['blanks', `1${' '.repeat(1_000_000)}1`, 'ECF-FMT-08'],
  ['zeros', `1.${'0'.repeat(1_000_000)}1`, 'ECF-FMT-08'],
])('a million %s in an amount are looked at once', (_what, text, code) => {
  const findings = findingsAfter('31', { 'Encabezado/Totales/MontoTotal': text });
  expect(findings.map((one) => one.code)).toEqual([code]);
});

test('a million zeros in a code compared by value are looked at once', () => {
  const text = `1.${'0'.repeat(1_000_000)}1`;
  const findings = findingsAfter('31', { 'Encabezado/Version': text });
  expect(findings.map((one) => one.code)).toEqual(['ECF-FMT-07']);
});

test('codes of numbers compare by value, amounts may have blanks around', () => {
  const { document } = completed(request('31'));
  const spelled = (Version: string) =>
    validateFormat('31', { ...document, Encabezado: { ...document.Encabezado, Version } });
  expect(spelled('1.000')).toEqual([]);
  expect(spelled(' 1.0\n').map(({ severity }) => severity)).toEqual(['warning']);
  expect(spelled('1.01').map(({ code }) => code)).toEqual(['ECF-FMT-07']);
});

test('a number too long to be counted is out of range, one with zeros in front is not', () => {
  const codes = (IndicadorNotaCredito: string) =>
    findingsAfter('34', { 'Encabezado/IdDoc': { ...idOf34, IndicadorNotaCredito } }).map(
      ({ code }) => code,
    );
  expect(codes('123456789012345678901')).toEqual(['ECF-FMT-09']);
  expect(codes(`${'0'.repeat(30)}2`)).toEqual(['ECF-FMT-09']);
  expect(codes(`${'0'.repeat(30)}0`)).toEqual([]);
});

const idOf34 = completed(request('34')).document.Encabezado.IdDoc;

import { normalize } from './normalize.js';
import { request, withValues } from './testing/builders.js';

const ITEM = 'DetallesItems/Item/0';
const price = (value: unknown) => {
  const result = normalize(withValues(request('31'), { [`${ITEM}/PrecioUnitarioItem`]: value }));
  return result.ok ? result.document.DetallesItems?.Item?.[0]?.PrecioUnitarioItem : undefined;
};
const faults = (input: unknown) =>
  normalize(input).findings.map(({ code, path }) => `${code} ${path}`);

test('numbers of up to 15 digits become texts, larger ones are refused', () => {
  expect(price(1000)).toBe('1000');
  expect(price(0.1)).toBe('0.1');
  expect(price(1234567890123.25)).toBe('1234567890123.25');
  expect(price(12345678901234.25)).toBeUndefined();
  expect(price(1e21)).toBeUndefined();
  expect(price(1e-7)).toBeUndefined();
  expect(price(Number.NaN)).toBeUndefined();
});

test('what is stated as text is kept as it is', () => {
  expect(price('385.0000')).toBe('385.0000');
  expect(price('9999999999999999.99')).toBe('9999999999999999.99');
});

test('a single object stands for a list of one', () => {
  const [item] = (request('31')['DetallesItems'] as { Item: unknown[] }).Item;
  const result = normalize(withValues(request('31'), { 'DetallesItems/Item': item }));
  expect(result.ok && result.document.DetallesItems?.Item).toHaveLength(1);
});

test('null is absence', () => {
  const result = normalize(withValues(request('31'), { 'Encabezado/Comprador': null }));
  expect(result.ok && result.document.Encabezado).not.toHaveProperty('Comprador');
});

test('every fault has its place', () => {
  const input = withValues(request('31'), {
    Extra: 1,
    'a~b': 1,
    Signature: {},
    'Encabezado/Totales': 'x',
    [`${ITEM}/Nombre`]: 'x',
    [`${ITEM}/Mineria`]: {},
    [`${ITEM}/CantidadItem`]: true,
  });
  expect(faults(input).sort()).toEqual([
    'ECF-FMT-01 /DetallesItems/Item/0/Nombre',
    'ECF-FMT-01 /Extra',
    'ECF-FMT-01 /a~0b',
    'ECF-FMT-02 /DetallesItems/Item/0/Mineria',
    'ECF-FMT-12 /DetallesItems/Item/0/CantidadItem',
    'ECF-FMT-12 /Encabezado/Totales',
    'ECF-FMT-15 /Signature',
  ]);
});

test.each([
  [null, 'ECF-FMT-12 '],
  [[], 'ECF-FMT-12 '],
  ['<ECF/>', 'ECF-FMT-12 '],
  [{}, 'ECF-FMT-16 /Encabezado/IdDoc/TipoeCF'],
  [{ Encabezado: { IdDoc: { TipoeCF: '99' } } }, 'ECF-FMT-16 /Encabezado/IdDoc/TipoeCF'],
])('%j is no request', (input, expected) => {
  const result = normalize(input);
  expect(result.document).toBeUndefined();
  expect(faults(input)).toEqual([expected]);
});

test('names of the prototype are fields like any other, and unknown', () => {
  const input = JSON.parse(
    '{"__proto__":{"x":1},"constructor":1,"Encabezado":{"IdDoc":{"TipoeCF":"31"}}}',
  ) as unknown;
  expect(faults(input)).toEqual(['ECF-FMT-01 /__proto__', 'ECF-FMT-01 /constructor']);
});

import fc from 'fast-check';
import { findingsOf, ISSUER, NOW, request } from '../testing/builders.js';
import { complete } from '../complete/complete.js';
import type { EcfDraft } from '../model/index.js';
import { validate } from '../validate/validate.js';
import { finding } from './finding.js';
import { withoutConsequences } from './consequences.js';

const ITEM = 'DetallesItems/Item/0';
const TOTALES = 'Encabezado/Totales';
const errorsOf = (values: Readonly<Record<string, unknown>>) =>
  findingsOf('31', values)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => [code, path]);

describe('one fault, one finding', () => {
  test.each([
    ['a negative price', { [`${ITEM}/PrecioUnitarioItem`]: '-500.00' }, 'PrecioUnitarioItem'],
    ['a negative quantity', { [`${ITEM}/CantidadItem`]: '-2' }, 'CantidadItem'],
    ['no price', { [`${ITEM}/PrecioUnitarioItem`]: undefined }, 'PrecioUnitarioItem'],
    ['a price that is no number', { [`${ITEM}/PrecioUnitarioItem`]: '1,5' }, 'PrecioUnitarioItem'],
    [
      'a discount above the line',
      {
        [`${ITEM}/TablaSubDescuento/SubDescuento`]: [
          { TipoSubDescuento: '$', MontoSubDescuento: '1500.00' },
        ],
      },
      'DescuentoMonto',
    ],
    [
      'in dollars, on two pages, paid at once',
      {
        [`${ITEM}/PrecioUnitarioItem`]: '-500.00',
        'Encabezado/OtraMoneda': { TipoMoneda: 'USD', TipoCambio: '59.0000' },
        'Encabezado/IdDoc/TablaFormasPago/FormaDePago': [{ FormaPago: '1' }],
      },
      'PrecioUnitarioItem',
    ],
  ])('%s', (_name, values, field) => {
    expect(errorsOf(values).map(([, path]) => path)).toEqual([`/${ITEM}/${field}`]);
  });

  test('a global discount above its lines', () => {
    const row = {
      TipoAjuste: 'D',
      TipoValor: '$',
      MontoDescuentooRecargo: '2000.00',
      IndicadorFacturacionDescuentooRecargo: '1',
    };
    expect(errorsOf({ 'DescuentosORecargos/DescuentoORecargo': [row] })).toEqual([
      ['ECF-DRG-03', '/DescuentosORecargos'],
    ]);
  });

  test('a wrong line amount, where the totals are those of the right one', () => {
    const { document } = complete(request('31') as EcfDraft, {
      issuer: ISSUER,
      now: NOW,
      encf: 'E310000000001',
      fechaVencimientoSecuencia: '31-12-2027',
    });
    const [line] = document.DetallesItems.Item;
    if (line) line.MontoItem = '900.00';
    expect(validate(document).map(({ code }) => code)).toEqual(['ECF-TOT-01']);
  });
});

describe('faults of their own stay', () => {
  test('in another line, and in fields that no price reaches', () => {
    const line = {
      NombreItem: 'Cemento',
      CantidadItem: '1',
      PrecioUnitarioItem: '-1.00',
      IndicadorFacturacion: '1',
    };
    const values = {
      'DetallesItems/Item': [line, { ...line, PrecioUnitarioItem: '1.00', MontoItem: '-1.00' }],
      [`${TOTALES}/MontoAvancePago`]: '-5.00',
      'Encabezado/Comprador/CorreoComprador': 'nadie',
    };
    expect(errorsOf(values).map(([, path]) => path)).toEqual([
      '/Encabezado/Comprador/CorreoComprador',
      '/Encabezado/Totales/MontoAvancePago',
      '/DetallesItems/Item/0/PrecioUnitarioItem',
      '/DetallesItems/Item/1/MontoItem',
    ]);
  });

  test('a wrong total alone', () => {
    expect(errorsOf({ [`${TOTALES}/MontoTotal`]: '1.00' }).map(([code]) => code)).toEqual([
      'ECF-TOT-06',
    ]);
  });

  test('warnings drop nothing', () => {
    const warned = [
      finding('ECF-TXT-03', '/DetallesItems/Item/0/PrecioUnitarioItem'),
      finding('ECF-TOT-01', '/DetallesItems/Item/0/MontoItem'),
    ];
    expect(withoutConsequences(warned)).toEqual(warned);
    const wrong = [finding('ECF-FMT-14', '/DetallesItems/Item/0/PrecioUnitarioItem'), ...warned];
    expect(withoutConsequences(wrong)).toEqual(wrong.slice(0, 2));
  });

  test('findings of other kinds at a computed amount', () => {
    const both = [
      finding('ECF-FMT-14', '/DetallesItems/Item/0/PrecioUnitarioItem'),
      finding('ECF-FMT-04', '/Encabezado/Totales/MontoTotal'),
    ];
    expect(withoutConsequences(both)).toEqual(both);
  });
});

test('whatever lines are faulty, exactly their inputs are told', () => {
  const price = fc.integer({ min: 1, max: 100_000 }).map((cents) => (cents / 100).toFixed(2));
  const line = fc.record({
    NombreItem: fc.constant('Cemento'),
    CantidadItem: fc.constantFrom('1', '2.5', '-3'),
    PrecioUnitarioItem: fc.tuple(fc.constantFrom('', '-'), price).map((parts) => parts.join('')),
    IndicadorFacturacion: fc.constantFrom('0', '1', '2', '3', '4'),
  });
  const others = fc.constantFrom(
    {},
    { 'Encabezado/OtraMoneda': { TipoMoneda: 'USD', TipoCambio: '59.0000' } },
    { 'Encabezado/IdDoc/IndicadorMontoGravado': '1' },
    { 'Encabezado/IdDoc/TablaFormasPago/FormaDePago': [{ FormaPago: '1' }] },
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), others, (lines, values) => {
      const inputs = ['CantidadItem', 'PrecioUnitarioItem'] as const;
      const faulty = lines.flatMap((one, index) =>
        inputs
          .filter((name) => one[name].startsWith('-'))
          .map((name) => `/DetallesItems/Item/${index}/${name}`),
      );
      const told = errorsOf({ 'DetallesItems/Item': lines, ...values }).map(([, path]) => path);
      expect([...told].sort()).toEqual(faulty.sort());
    }),
    { numRuns: 300 },
  );
});

import fc from 'fast-check';
import { completed, findingsOf, request, withValues } from '../testing/builders.js';
import { creditNoteIndicator } from './notes.js';
import { hasValidCheckDigit } from './rnc.js';
import { computeTotals } from './totals.js';
import { toQrUrl } from '../xml/qr.js';
import { moneyText } from '../money.js';
import type { EcfItem } from '../model/index.js';

const line = (values: Partial<EcfItem> & object): object => ({
  NombreItem: 'x',
  CantidadItem: '1',
  PrecioUnitarioItem: '500.00',
  IndicadorFacturacion: '1',
  IndicadorBienoServicio: '2',
  ...values,
});
const taxed = (...codes: string[]) => ({
  TablaImpuestoAdicional: { ImpuestoAdicional: codes.map((TipoImpuesto) => ({ TipoImpuesto })) },
});
const rates = (...pairs: [string, string][]) => ({
  'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional': pairs.map(
    ([TipoImpuesto, TasaImpuestoAdicional]) => ({ TipoImpuesto, TasaImpuestoAdicional }),
  ),
});

function taxesOf(item: object, values: Readonly<Record<string, unknown>> = {}) {
  const input = withValues(request('31'), { 'DetallesItems/Item': [item], ...values });
  return computeTotals(completed(input).document).taxes.map(({ amount }) => moneyText(amount));
}

/** Worked examples of the Informe Técnico e-CF v1.0, pp. 21-29. */
describe('additional taxes', () => {
  const alcohol = {
    CantidadReferencia: '16',
    UnidadReferencia: '5',
    TablaSubcantidad: { SubcantidadItem: [{ Subcantidad: '0.650', CodigoSubcantidad: '24' }] },
    GradosAlcohol: '4.30',
    PrecioUnitarioReferencia: '80.00',
  };

  test('alcohol, specific and ad valorem', () => {
    const item = line({ ...alcohol, ...taxed('006', '023') });
    expect(taxesOf(item, rates(['006', '617.93'], ['023', '10']))).toEqual(['276.34', '73.49']);
  });

  test('alcohol in bulk', () => {
    const item = line({
      ...alcohol,
      CantidadItem: '2',
      UnidadMedida: '18',
      PrecioUnitarioItem: '10163.97',
      ...taxed('006', '023'),
    });
    expect(taxesOf(item, rates(['006', '617.93'], ['023', '10']))).toEqual(['0.00', '2642.63']);
  });

  test('cigarettes', () => {
    const item = line({
      CantidadReferencia: '20',
      PrecioUnitarioReferencia: '200.00',
      ...taxed('019', '036'),
    });
    expect(taxesOf(item, rates(['019', '25.86'], ['036', '20']))).toEqual(['517.20', '478.77']);
  });

  const cdt = line(taxed('002'));
  const included = { 'Encabezado/IdDoc/IndicadorMontoGravado': '1' };
  const adjustment = (row: object) => ({
    'DescuentosORecargos/DescuentoORecargo': [
      { TipoValor: '$', IndicadorFacturacionDescuentooRecargo: '1', ...row },
    ],
  });

  test('CDT on 500', () => {
    expect(taxesOf(cdt)).toEqual(['10.00']);
    expect(taxesOf(cdt, included)).toEqual(['8.47']);
    const norma = { TipoAjuste: 'D', MontoDescuentooRecargo: '1.00', IndicadorNorma1007: '1' };
    expect(taxesOf(cdt, { ...included, ...adjustment(norma) })).toEqual(['7.69']);
  });

  test('CDT under global adjustments', () => {
    const down = { TipoAjuste: 'D', MontoDescuentooRecargo: '79.37' };
    const up = { TipoAjuste: 'R', MontoDescuentooRecargo: '79.37' };
    expect(taxesOf(cdt, adjustment(down))).toEqual(['8.41']);
    expect(taxesOf(cdt, adjustment(up))).toEqual(['11.59']);
  });
});

test('construction, Norma 07-07: an exempt and a taxed line', () => {
  const Item = [
    line({ PrecioUnitarioItem: '270000.00', IndicadorFacturacion: '4' }),
    line({ PrecioUnitarioItem: '30000.00' }),
  ];
  const { document } = completed(withValues(request('31'), { 'DetallesItems/Item': Item }));
  expect(document.Encabezado.Totales).toMatchObject({
    MontoExento: '270000.00',
    TotalITBIS: '5400.00',
    MontoTotal: '305400.00',
  });
});

/** Informe Técnico e-CF v1.0, p. 20: a peso per line, and a peso for each line on the whole. */
describe('tolerance', () => {
  const codes = (values: Readonly<Record<string, unknown>>) =>
    findingsOf('31', values)
      .map(({ code }) => code)
      .filter((code) => code.startsWith('ECF-TOT'));
  const item = 'DetallesItems/Item';

  test.each([
    ['5.50', '100.33', '552.80'],
    ['10.25', '555.44', '5694.00'],
    ['2', '333.25', '667.50'],
  ])('%s × %s sent as %s is accepted', (CantidadItem, PrecioUnitarioItem, MontoItem) => {
    expect(codes({ [item]: [line({ CantidadItem, PrecioUnitarioItem, MontoItem })] })).toEqual([]);
  });

  test.each([
    ['501.00', []],
    ['501.01', ['ECF-TOT-01']],
    ['499.00', []],
    ['498.99', ['ECF-TOT-01']],
  ])('a line of 500.00 stated as %s', (MontoItem, expected) => {
    expect(codes({ [item]: [line({ MontoItem })] })).toEqual(expected);
  });

  test.each([
    ['1773.00', []],
    ['1773.01', ['ECF-TOT-06']],
    ['1767.00', []],
    ['1766.99', ['ECF-TOT-06']],
  ])('three lines of 1770.00 in all stated as %s', (MontoTotal, expected) => {
    const lines = [line({}), line({}), line({})];
    expect(codes({ [item]: lines, 'Encabezado/Totales': { MontoTotal } })).toEqual(expected);
  });
});

test('totals do not depend on the order of the lines', () => {
  const entry = fc.record({
    CantidadItem: fc.integer({ min: 1, max: 99999 }).map((n) => `${n}.${n % 100}`),
    PrecioUnitarioItem: fc.integer({ min: 0, max: 10 ** 7 }).map((n) => `${n}.${n % 10_000}`),
    IndicadorFacturacion: fc.constantFrom('0', '1', '2', '3', '4'),
  });
  const totals = (Item: object[], included: string) =>
    completed(
      withValues(request('31'), {
        'DetallesItems/Item': Item.map((values) => line(values)),
        'Encabezado/IdDoc/IndicadorMontoGravado': included,
      }),
    ).document.Encabezado.Totales;
  fc.assert(
    fc.property(
      fc.array(entry, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('0', '1'),
      (Item, included) => {
        expect(totals([...Item].reverse(), included)).toEqual(totals(Item, included));
      },
    ),
  );
});

test.each([
  ['131880738', true],
  ['131880681', true],
  ['533445861', true],
  ['101000001', false],
  ['131880680', false],
  ['00113918205', true],
  ['00113918206', false],
])('check digit of %s: %s', (rnc, expected) => {
  expect(hasValidCheckDigit(rnc)).toBe(expected);
});

test.each([
  ['31-03-2026', '01-03-2026', '0'],
  ['01-04-2026', '01-03-2026', '1'],
  ['01-03-2028', '30-01-2028', '1'],
  ['29-02-2028', '30-01-2028', '0'],
  ['xx', '30-01-2028', undefined],
])('a credit note of %s over %s: %s', (issued, modified, expected) => {
  expect(creditNoteIndicator(issued, modified)).toBe(expected);
});

describe('QR address', () => {
  test('of a document sent in full', () => {
    const { document } = completed(request('31'));
    expect(toQrUrl(document, 'aB+/9x', 'testecf')).toBe(
      'https://ecf.dgii.gov.do/testecf/ConsultaTimbre?RncEmisor=131880738&RncComprador=131880681' +
        '&ENCF=E310000000001&FechaEmision=10-03-2026&MontoTotal=1180.00' +
        '&FechaFirma=10-03-2026%2011%3A04%3A05&CodigoSeguridad=aB%2B%2F9x',
    );
  });

  test('of a summary, and of a document without buyer', () => {
    const small = completed(request('32')).document;
    expect(toQrUrl(small, 'aB+/9x', 'ecf')).toBe(
      'https://fc.dgii.gov.do/ecf/ConsultaTimbreFC?RncEmisor=131880738&ENCF=E320000000001' +
        '&MontoTotal=1180.00&CodigoSeguridad=aB%2B%2F9x',
    );
    expect(toQrUrl(completed(request('43')).document, 'x', 'ecf')).not.toContain('RncComprador');
  });
});

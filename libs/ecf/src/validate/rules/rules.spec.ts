import { validate } from '../validate.js';
import {
  completed,
  findingsAfter,
  findingsOf,
  request,
  withValues,
} from '../../testing/builders.js';
import type { EcfDocument } from '../../model/index.js';
import type { Tree } from '../../model/tree.js';
import type { TipoEcf } from '../../catalogue/formats.js';

const ITEM = 'DetallesItems/Item/0';
const ID = 'Encabezado/IdDoc';
const TOTALES = 'Encabezado/Totales';

const codesOf = (tipo: TipoEcf, values: Readonly<Record<string, unknown>>): readonly string[] =>
  findingsOf(tipo, values)
    .filter(({ severity }) => severity !== 'info')
    .map(({ code }) => code);
const codesAfter = (tipo: TipoEcf, values: Readonly<Record<string, unknown>>): readonly string[] =>
  findingsAfter(tipo, values).map(({ code }) => code);

describe('payments', () => {
  const paid = (MontoPago: string) => ({
    [`${ID}/TablaFormasPago/FormaDePago`]: [{ FormaPago: '1', MontoPago }],
  });

  test.each([
    ['the total', '31', '1180.00'],
    ['to the cent', '31', '1180.01'],
    ['the total less what is withheld', '41', '900.00'],
    ['the total of a purchase', '41', '1180.00'],
  ] as const)('%s', (_name, tipo, amount) => {
    expect(codesOf(tipo, paid(amount))).toEqual([]);
  });

  test('what is due, where it is stated', () => {
    const due = { [`${TOTALES}/MontoAvancePago`]: '180.00', [`${TOTALES}/ValorPagar`]: '1000.00' };
    expect(codesOf('31', { ...due, ...paid('1000.00') })).toEqual([]);
  });

  test('anything else is a hint', () => {
    expect(codesOf('31', paid('1180.02'))).toEqual(['ECF-ENC-11']);
  });
});

describe('tolerances', () => {
  const row = (Monto: string) => ({
    'DescuentosORecargos/DescuentoORecargo': [
      {
        TipoAjuste: 'D',
        TipoValor: '%',
        ValorDescuentooRecargo: '10',
        MontoDescuentooRecargo: Monto,
        IndicadorFacturacionDescuentooRecargo: '1',
      },
    ],
  });

  test('a global discount may differ from its percentage by a peso per line', () => {
    expect(codesOf('31', row('101.00'))).toEqual([]);
    expect(codesOf('31', row('99.00'))).toEqual([]);
    expect(codesOf('31', row('101.01'))).toEqual(['ECF-DRG-05']);
  });

  const inDollars = (MontoItemOtraMoneda: string) => ({
    'Encabezado/OtraMoneda': { TipoMoneda: 'USD', TipoCambio: '57.0000' },
    [`${ITEM}/OtraMonedaDetalle`]: { PrecioOtraMoneda: '10.0000', MontoItemOtraMoneda },
  });

  test.each([
    ['divided by the rate', '17.54', []],
    ['divided, a dollar off', '18.54', []],
    ['price times quantity', '20.00', []],
    ['multiplied, a dollar off', '21.00', []],
    ['neither', '21.01', ['ECF-OTM-03']],
  ])('a line in dollars: %s', (_name, amount, codes) => {
    expect(codesOf('31', inDollars(amount))).toEqual(codes);
  });

  test('each total in dollars is checked, not only the last', () => {
    const { document } = completed(
      withValues(request('31'), {
        'Encabezado/OtraMoneda': { TipoMoneda: 'USD', TipoCambio: '57.0000' },
      }),
    );
    const block = 'Encabezado/OtraMoneda';
    const wrong = withValues(document as unknown as Tree, {
      [`${block}/TotalITBISOtraMoneda`]: '5.00',
    });
    expect(validate(wrong as unknown as EcfDocument).map(({ path }) => path)).toEqual([
      `/${block}/TotalITBISOtraMoneda`,
    ]);
  });
});

describe('additional taxes', () => {
  const BEER = {
    [`${ITEM}/TablaImpuestoAdicional`]: {
      ImpuestoAdicional: [{ TipoImpuesto: '006' }, { TipoImpuesto: '023' }],
    },
    [`${ITEM}/CantidadReferencia`]: '24',
    [`${ITEM}/UnidadReferencia`]: '5',
    [`${ITEM}/TablaSubcantidad`]: {
      SubcantidadItem: [{ Subcantidad: '0.355', CodigoSubcantidad: '24' }],
    },
    [`${ITEM}/GradosAlcohol`]: '5.00',
    [`${ITEM}/PrecioUnitarioReferencia`]: '65.00',
  };
  const rates = (specific: string, adValorem: string) => ({
    [`${TOTALES}/ImpuestosAdicionales/ImpuestoAdicional`]: [
      { TipoImpuesto: '006', TasaImpuestoAdicional: specific },
      { TipoImpuesto: '023', TasaImpuestoAdicional: adValorem },
    ],
  });

  test('rates per litre change every quarter, percentages do not', () => {
    expect(codesOf('31', { ...BEER, ...rates('633.85', '10.00') })).toEqual([]);
    expect(codesOf('31', { ...BEER, ...rates('1.00', '9.00') })).toEqual(['ECF-TOT-15']);
  });

  test('what a line lacks is told once, though two taxes want it', () => {
    const lacking = { ...BEER, [`${ITEM}/UnidadReferencia`]: undefined };
    expect(codesOf('31', { ...lacking, ...rates('633.85', '10') })).toEqual(['ECF-LIN-11']);
  });

  test('in bulk there is no presentation to describe', () => {
    const bulk = {
      [`${ITEM}/TablaImpuestoAdicional`]: BEER[`${ITEM}/TablaImpuestoAdicional`],
      [`${ITEM}/UnidadMedida`]: '18',
    };
    expect(codesOf('31', { ...bulk, ...rates('633.85', '10') })).not.toContain('ECF-LIN-11');
  });
});

describe('notes and references', () => {
  const REF = 'InformacionReferencia';

  test('both known forms of a text correction pass', () => {
    const line = { NombreItem: 'Corrección', CantidadItem: '1', IndicadorFacturacion: '0' };
    for (const price of ['0.00', '1.00']) {
      const values = {
        'DetallesItems/Item': [{ ...line, PrecioUnitarioItem: price }],
        [`${REF}/CodigoModificacion`]: '2',
      };
      expect(codesOf('34', values)).toEqual([]);
    }
  });

  test.each([
    ['an electronic consumption invoice', 'E320000000009', []],
    ['a paper one', 'B0200000009', []],
    ['a tax credit invoice', 'E310000000009', ['ECF-NOT-13']],
  ])('code 5 refers to %s', (_name, NCFModificado, codes) => {
    const reference = {
      NCFModificado,
      FechaNCFModificado: '01-03-2026',
      CodigoModificacion: '5',
    };
    expect(codesOf('31', { [REF]: reference })).toEqual(codes);
  });
});

describe('header', () => {
  test('the indicator of included ITBIS is missed only where something is taxed', () => {
    const gone = { [`${ID}/IndicadorMontoGravado`]: undefined };
    expect(codesAfter('31', gone)).toEqual(['ECF-ENC-12']);
    expect(codesAfter('44', gone)).toEqual([]);
    expect(codesAfter('46', gone)).toEqual([]);
  });

  test('a province with a municipality of its own', () => {
    const place = (municipio: string) => ({
      'Encabezado/Comprador/ProvinciaComprador': '250000',
      'Encabezado/Comprador/MunicipioComprador': municipio,
    });
    expect(codesOf('31', place('250101'))).toEqual([]);
    expect(codesOf('31', place('010100'))).toEqual(['ECF-TER-01']);
  });
});

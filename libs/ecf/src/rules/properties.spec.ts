import fc from 'fast-check';
import type { EcfTotales } from '../model/index.js';
import { money, moneyText, ONE, type Money } from '../money.js';
import { completed, request, withValues } from '../testing/builders.js';
import { validate } from '../validate/validate.js';

const cents = (value: number): string => (value / 100).toFixed(2);

const tax = (TipoImpuesto: string) => ({ ImpuestoAdicional: [{ TipoImpuesto }] });
const discounts = (percentage: string) => ({
  SubDescuento: [{ TipoSubDescuento: '%', SubDescuentoPorcentaje: percentage }],
});

const line = fc
  .record(
    {
      CantidadItem: fc.integer({ min: 1, max: 99_999 }).map(cents),
      PrecioUnitarioItem: fc.integer({ min: 1, max: 10 ** 7 }).map(cents),
      IndicadorFacturacion: fc.constantFrom('0', '1', '2', '3', '4'),
      TablaImpuestoAdicional: fc.constantFrom('001', '002', '004').map(tax),
      TablaSubDescuento: fc.integer({ min: 1, max: 99 }).map((n) => discounts(`${n}.50`)),
    },
    { requiredKeys: ['CantidadItem', 'PrecioUnitarioItem', 'IndicadorFacturacion'] },
  )
  .map((values) => ({ NombreItem: 'x', IndicadorBienoServicio: '2', ...values }));

const adjustment = fc
  .record({
    TipoAjuste: fc.constantFrom('D', 'R'),
    ValorDescuentooRecargo: fc.integer({ min: 1, max: 50 }).map(String),
    IndicadorFacturacionDescuentooRecargo: fc.constantFrom('1', '2', '3', '4'),
  })
  .map((values) => ({ TipoValor: '%', ...values }));

const totalsOf = (Item: object[], rows: object[], included: string): EcfTotales =>
  completed(
    withValues(request('31'), {
      'DetallesItems/Item': Item,
      'Encabezado/IdDoc/IndicadorMontoGravado': included,
      ...(rows.length > 0 && { 'DescuentosORecargos/DescuentoORecargo': rows }),
    }),
  ).document.Encabezado.Totales;

/** Taxes are listed as the lines name them. */
const sorted = ({ ImpuestosAdicionales, ...rest }: EcfTotales) => ({
  ...rest,
  taxes: ImpuestosAdicionales?.ImpuestoAdicional.map((one) => JSON.stringify(one)).sort(),
});

test('totals do not depend on the order of lines and adjustments', () => {
  const lines = fc.array(line, { minLength: 1, maxLength: 12 });
  const shuffled = lines.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(
      shuffled,
      fc.array(adjustment, { maxLength: 4 }),
      fc.constantFrom('0', '1'),
      ([list, other], rows, included) => {
        expect(sorted(totalsOf(other, [...rows].reverse(), included))).toEqual(
          sorted(totalsOf(list, rows, included)),
        );
      },
    ),
  );
});

/** A total and the finding that tells when it is off. */
const CHECKED = [
  ['MontoGravadoTotal', 'ECF-TOT-02'],
  ['MontoGravadoI1', 'ECF-TOT-02'],
  ['MontoGravadoI2', 'ECF-TOT-02'],
  ['MontoExento', 'ECF-TOT-03'],
  ['TotalITBIS', 'ECF-TOT-04'],
  ['TotalITBIS1', 'ECF-TOT-04'],
  ['TotalITBIS2', 'ECF-TOT-04'],
  ['MontoTotal', 'ECF-TOT-06'],
  ['MontoNoFacturable', 'ECF-TOT-07'],
] as const;

/** One line of each indicator, as often as stated; amounts that need no rounding. */
const exactLines = (times: number): object[] =>
  Array.from({ length: times }, () =>
    ['0', '1', '2', '3', '4'].map((IndicadorFacturacion) => ({
      NombreItem: 'x',
      CantidadItem: '1',
      PrecioUnitarioItem: '10000.00',
      IndicadorFacturacion,
      IndicadorBienoServicio: '1',
    })),
  ).flat();

/** A peso for each line, up and down (Informe Técnico e-CF v1.0, p. 20). */
test.each(CHECKED)('%s may be off by a peso per line and not by a cent more', (field, code) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(1n, -1n),
      fc.integer({ min: 0, max: 3 }),
      (times, sign, inside) => {
        const lines = exactLines(times);
        const input = withValues(request('31'), { 'DetallesItems/Item': lines });
        const { document } = completed(input);
        const exact = money(document.Encabezado.Totales[field]) ?? 0n;
        const limit = BigInt(lines.length) * ONE;
        const codes = (off: Money): string[] => {
          const stated = { ...document.Encabezado.Totales, [field]: moneyText(exact + sign * off) };
          const Encabezado = { ...document.Encabezado, Totales: stated };
          return validate({ ...document, Encabezado }).map((finding) => finding.code);
        };
        const CENT = ONE / 100n;
        expect(codes(limit - BigInt(inside) * CENT)).not.toContain(code);
        expect(codes(limit + CENT + BigInt(inside) * CENT)).toContain(code);
      },
    ),
    { numRuns: 20 },
  );
});

test('a line may be off by a peso and not by a cent more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 10 ** 9 }), fc.constantFrom(1, -1), (price, sign) => {
      const codes = (off: number): string[] => {
        const [item] = exactLines(1);
        const Item = [{ ...item, PrecioUnitarioItem: cents(price), MontoItem: cents(price + off) }];
        const { document } = completed(withValues(request('31'), { 'DetallesItems/Item': Item }));
        return validate(document).map((finding) => finding.code);
      };
      expect(codes(sign * 100)).not.toContain('ECF-TOT-01');
      expect(codes(sign * 101)).toContain('ECF-TOT-01');
    }),
  );
});

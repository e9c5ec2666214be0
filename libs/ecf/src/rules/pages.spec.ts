import { completed, request, withValues } from '../testing/builders.js';
import { hasErrors } from '../findings/finding.js';
import { validate } from '../validate/validate.js';

const lines = (count: number, price = '100.00') =>
  Array.from({ length: count }, (_, index) => ({
    NombreItem: `Línea ${index + 1}`,
    CantidadItem: '1',
    PrecioUnitarioItem: price,
    IndicadorFacturacion: '1',
    IndicadorBienoServicio: '1',
  }));

const paged = (
  Item: object[],
  ranges: readonly (readonly [number, number])[],
  values: Readonly<Record<string, unknown>> = {},
) =>
  completed(
    withValues(request('31'), {
      'DetallesItems/Item': Item,
      'Paginacion/Pagina': ranges.map(([from, to]) => ({
        NoLineaDesde: String(from),
        NoLineaHasta: String(to),
      })),
      ...values,
    }),
  ).document;

const subtotals = (document: ReturnType<typeof paged>) =>
  document.Paginacion?.Pagina.map((page) => page.MontoSubtotalPagina);

test('pages add up to the total, cents of rounding on the last', () => {
  const document = paged(lines(3, '33.33'), [
    [1, 2],
    [3, 3],
  ]);
  expect(document.Encabezado.Totales.MontoTotal).toBe('117.99');
  expect(subtotals(document)).toEqual(['78.66', '39.33']);
  expect(hasErrors(validate(document))).toBe(false);
});

test('every page bears its share of a global discount', () => {
  // On the last page alone 5 % of the whole would be more than its lines.
  const row = {
    TipoAjuste: 'D',
    TipoValor: '%',
    ValorDescuentooRecargo: '5',
    IndicadorFacturacionDescuentooRecargo: '1',
  };
  const document = paged(
    lines(41),
    [
      [1, 40],
      [41, 41],
    ],
    { 'DescuentosORecargos/DescuentoORecargo': [row] },
  );
  expect(document.Paginacion?.Pagina.map((page) => page.SubtotalMontoGravado1Pagina)).toEqual([
    '3800.00',
    '95.00',
  ]);
  expect(subtotals(document)).toEqual(['4484.00', '112.10']);
  expect(hasErrors(validate(document))).toBe(false);
});

test('prices with everything included are divided the same way on every page', () => {
  const row = {
    TipoAjuste: 'D',
    TipoValor: '$',
    MontoDescuentooRecargo: '10.00',
    IndicadorNorma1007: '1',
    IndicadorFacturacionDescuentooRecargo: '1',
  };
  const document = paged(
    lines(2, '130.00'),
    [
      [1, 1],
      [2, 2],
    ],
    {
      'DescuentosORecargos/DescuentoORecargo': [row],
      'Encabezado/IdDoc/IndicadorMontoGravado': '1',
    },
  );
  expect(document.Paginacion?.Pagina.map((page) => page.SubtotalMontoGravado1Pagina)).toEqual([
    '100.00',
    '100.00',
  ]);
});

test('pages that overlap are left for the caller to put right', () => {
  const document = paged(lines(4), [
    [1, 3],
    [1, 3],
    [4, 4],
  ]);
  const [first, second] = subtotals(document) ?? [];
  expect([first, second]).toEqual(['354.00', undefined]);
  expect(validate(document).map(({ code }) => code)).toContain('ECF-PAG-02');
});

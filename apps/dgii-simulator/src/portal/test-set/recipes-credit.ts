import {
  fullHeader,
  itemCode,
  line,
  percentOff,
  percentOn,
  pesosOff,
  pesosOn,
  shortHeader,
  taxes,
} from './draft.js';
import type { Ingredients, Recipe } from './recipes.js';

const PAGED_LINES = 8;

/** Type 31: every ITBIS rate, selective taxes, telecommunications, two pages. */
export const CREDIT_RECIPES: readonly Recipe[] = [
  { key: 'credit', tipo: '31', payments: ['1', '3'], draft: credit },
  { key: 'beer', tipo: '31', draft: beer },
  { key: 'telephony', tipo: '31', payments: ['2'], draft: telephony },
  { key: 'paged', tipo: '31', draft: paged },
];

function credit({ random, buyer }: Ingredients) {
  return {
    Encabezado: fullHeader('31', random, buyer),
    DetallesItems: {
      Item: [
        line(random, {
          billing: '1',
          extra: { ...itemCode(random.digits(5)), ...percentOff('5.00') },
        }),
        line(random, { billing: '2', extra: pesosOff('20.00', '5.50') }),
        line(random, { billing: '3', extra: percentOn('1.00') }),
        line(random, { billing: '4', extra: pesosOn('12.00') }),
        line(random, { billing: '1', service: true, price: random.price(1_500, 9_000) }),
      ],
    },
    DescuentosORecargos: {
      DescuentoORecargo: [
        {
          TipoAjuste: 'D',
          DescripcionDescuentooRecargo: 'Cliente frecuente',
          TipoValor: '$',
          MontoDescuentooRecargo: '35.00',
          IndicadorFacturacionDescuentooRecargo: '1',
        },
        {
          TipoAjuste: 'R',
          DescripcionDescuentooRecargo: 'Transporte',
          TipoValor: '%',
          ValorDescuentooRecargo: '2.50',
          IndicadorFacturacionDescuentooRecargo: '2',
        },
      ],
    },
  };
}

/** Beer: specific and ad valorem selective tax, with sub-quantities. */
function beer({ random, buyer }: Ingredients) {
  const header = shortHeader('31', buyer);
  return {
    Encabezado: {
      ...header,
      Totales: {
        ImpuestosAdicionales: {
          ImpuestoAdicional: [{ TipoImpuesto: '006', TasaImpuestoAdicional: '632.58' }],
        },
      },
    },
    DetallesItems: {
      Item: [
        {
          ...line(random, { billing: '1', unit: '6', price: random.price(1_700, 2_200, '.00') }),
          NombreItem: 'Cerveza 12 oz, caja de 24',
          CantidadReferencia: '24',
          UnidadReferencia: '5',
          TablaSubcantidad: {
            SubcantidadItem: [{ Subcantidad: '0.355', CodigoSubcantidad: '24' }],
          },
          GradosAlcohol: '4.50',
          PrecioUnitarioReferencia: '110.00',
          ...taxes('006', '023'),
        },
      ],
    },
  };
}

function telephony({ random, buyer }: Ingredients) {
  return {
    Encabezado: fullHeader('31', random, buyer),
    DetallesItems: {
      Item: [
        {
          ...line(random, { billing: '1', service: true, quantity: '1' }),
          NombreItem: 'Plan de datos & voz',
          DescripcionItem: 'Período facturado: marzo de 2020',
          PrecioUnitarioItem: random.price(2_000, 9_000),
          ...taxes('002', '004'),
        },
      ],
    },
    DescuentosORecargos: {
      DescuentoORecargo: [
        {
          TipoAjuste: 'D',
          TipoValor: '%',
          ValorDescuentooRecargo: '10.00',
          IndicadorFacturacionDescuentooRecargo: '1',
        },
      ],
    },
  };
}

/** On credit, two pages. */
function paged({ random, buyer }: Ingredients) {
  const header = fullHeader('31', random, buyer);
  const half = PAGED_LINES / 2;
  return {
    Encabezado: {
      ...header,
      IdDoc: {
        TipoeCF: '31',
        TipoPago: '2',
        FechaLimitePago: '01-05-2020',
        TerminoPago: '30 dias',
      },
    },
    DetallesItems: {
      Item: Array.from({ length: PAGED_LINES }, (_, at) =>
        line(random, { billing: at % 2 === 0 ? '1' : '4' }),
      ),
    },
    Paginacion: {
      Pagina: [
        { PaginaNo: '1', NoLineaDesde: '1', NoLineaHasta: String(half) },
        { PaginaNo: '2', NoLineaDesde: String(half + 1), NoLineaHasta: String(PAGED_LINES) },
      ],
    },
  };
}

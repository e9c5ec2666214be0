import { fullHeader, line, percentOff, shortHeader, taxes, ISSUED } from './draft.js';
import type { Ingredients, Recipe } from './recipes.js';

/** Type 32: two that are sent in full, four that go as summary. */
export const CONSUMER_RECIPES: readonly Recipe[] = [
  { key: 'consumer-large', tipo: '32', payments: ['1', '2', '3'], draft: large },
  { key: 'consumer-foreigner', tipo: '32', draft: foreigner },
  { key: 'consumer-store', tipo: '32', payments: ['1'], draft: store },
  { key: 'consumer-restaurant', tipo: '32', payments: ['3'], draft: restaurant },
  { key: 'consumer-anonymous', tipo: '32', draft: anonymous },
  { key: 'consumer-mixed', tipo: '32', payments: ['1', '5'], draft: mixed },
];

function large({ random, buyer }: Ingredients) {
  return {
    Encabezado: fullHeader('32', random, buyer),
    DetallesItems: {
      Item: [
        line(random, {
          billing: '1',
          quantity: '3.00',
          price: random.price(95_000, 140_000, '.0000'),
        }),
        line(random, { billing: '2' }),
        line(random, { billing: '3' }),
        line(random, { billing: '4', extra: percentOff('2.00') }),
        line(random, { billing: '1', service: true }),
      ],
    },
  };
}

function foreigner({ random }: Ingredients) {
  return {
    Encabezado: {
      IdDoc: { TipoeCF: '32' },
      Emisor: { FechaEmision: ISSUED },
      Comprador: {
        IdentificadorExtranjero: `P${random.digits(7)}`,
        RazonSocialComprador: 'Anne Lindqvist',
      },
      OtraMoneda: { TipoMoneda: 'USD', TipoCambio: '56.3000' },
    },
    DetallesItems: {
      Item: [
        {
          ...line(random, { billing: '1', quantity: '1' }),
          NombreItem: 'Motor fuera de borda 60 HP',
          PrecioUnitarioItem: random.price(400_000, 600_000, '.00'),
        },
        line(random, { billing: '4', quantity: '2' }),
      ],
    },
  };
}

/** Prices with ITBIS in them. */
function store({ random, buyer }: Ingredients) {
  const header = shortHeader('32', buyer);
  return {
    Encabezado: { ...header, IdDoc: { TipoeCF: '32', IndicadorMontoGravado: '1' } },
    DetallesItems: {
      Item: [
        line(random, { billing: '1', price: random.price(118, 590, '.00') }),
        line(random, { billing: '2', price: random.price(116, 580, '.00') }),
      ],
    },
  };
}

/** With the legal tip. */
function restaurant({ random, buyer }: Ingredients) {
  return {
    Encabezado: shortHeader('32', buyer),
    DetallesItems: {
      Item: [
        {
          ...line(random, { billing: '1', service: true, quantity: '1' }),
          NombreItem: 'Consumo en restaurante',
          PrecioUnitarioItem: random.price(1_200, 6_000),
          ...taxes('001'),
        },
      ],
    },
  };
}

function anonymous({ random }: Ingredients) {
  return {
    Encabezado: { IdDoc: { TipoeCF: '32' }, Emisor: { FechaEmision: ISSUED } },
    DetallesItems: { Item: [line(random, { billing: '4', quantity: '6', price: '10.50' })] },
  };
}

function mixed({ random, buyer }: Ingredients) {
  return {
    Encabezado: fullHeader('32', random, buyer),
    DetallesItems: {
      Item: [
        line(random, { billing: '1', extra: percentOff('10.00') }),
        line(random, { billing: '3' }),
        line(random, { billing: '4' }),
        line(random, { billing: '0', service: true, quantity: '1', price: '150.00' }),
      ],
    },
  };
}

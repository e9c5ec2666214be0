import { decimal, moneyText } from '@getupnet/kernel';
import {
  fullHeader,
  ISSUED,
  itemCode,
  line,
  percentOff,
  percentOn,
  pesosOff,
  pesosOn,
  shortHeader,
  type DraftItem,
} from './draft.js';
import type { Ingredients, Recipe } from './recipes.js';
import type { Random } from './random.js';

/** Supplier of the purchases: a natural person, who issues no e-CF. */
const SUPPLIER = { rnc: '00113918205', name: 'Ramón Peguero' } as const;

/** Purchases, petty cash, special regimes, government, exports, payments abroad. */
export const SPECIAL_RECIPES: readonly Recipe[] = [
  { key: 'purchase', tipo: '41', payments: ['1'], draft: purchase },
  { key: 'purchase-service', tipo: '41', draft: purchaseOfService },
  { key: 'petty-cash', tipo: '43', draft: pettyCash },
  { key: 'petty-cash-coded', tipo: '43', draft: pettyCashCoded },
  { key: 'free-zone', tipo: '44', payments: ['1'], draft: freeZone },
  { key: 'free-zone-short', tipo: '44', draft: freeZoneShort },
  { key: 'government', tipo: '45', draft: government },
  { key: 'government-dollars', tipo: '45', draft: governmentInDollars },
  { key: 'export', tipo: '46', draft: exportInEuros },
  { key: 'export-local', tipo: '46', payments: ['4'], draft: exportInPesos },
  { key: 'abroad', tipo: '47', payments: ['2'], draft: abroad },
  { key: 'abroad-dollars', tipo: '47', draft: abroadInDollars },
];

/** A service whose withholdings are 100 % of its ITBIS and 10 % of its amount. */
function withheldService(random: Random, adjustment: DraftItem = {}): DraftItem {
  const price = random.price(2_000, 9_000, '.0000');
  const amount = decimal(price).times(3);
  return {
    ...line(random, { billing: '1', service: true, quantity: '3.00', price }),
    Retencion: {
      MontoITBISRetenido: moneyText(amount.times('0.18')),
      MontoISRRetenido: moneyText(amount.times('0.10')),
    },
    ...adjustment,
  };
}

function purchase({ random }: Ingredients) {
  return {
    Encabezado: fullHeader('41', random, SUPPLIER),
    DetallesItems: {
      Item: [
        withheldService(random),
        withheldService(random, percentOn('1.00')),
        withheldService(random, pesosOn('57.75')),
      ],
    },
  };
}

function purchaseOfService({ random }: Ingredients) {
  return {
    Encabezado: shortHeader('41', SUPPLIER),
    DetallesItems: { Item: [withheldService(random)] },
  };
}

function pettyCash({ random }: Ingredients) {
  const { Emisor = {} } = fullHeader('43', random, SUPPLIER);
  return {
    Encabezado: { IdDoc: { TipoeCF: '43' }, Emisor },
    DetallesItems: {
      Item: [
        line(random, { service: true, quantity: '4', price: '100.00' }),
        line(random, { service: true, quantity: '1' }),
      ],
    },
  };
}

function pettyCashCoded({ random }: Ingredients) {
  return {
    Encabezado: { IdDoc: { TipoeCF: '43' }, Emisor: { FechaEmision: ISSUED } },
    DetallesItems: {
      Item: [1, 2, 3].map(() => line(random, { extra: itemCode(random.digits(4)) })),
    },
  };
}

function freeZone({ random, buyer }: Ingredients) {
  const dates = { FechaElaboracion: '21-02-2020', FechaVencimientoItem: '23-06-2021' };
  return {
    Encabezado: fullHeader('44', random, buyer),
    DetallesItems: {
      Item: [
        line(random, { extra: { ...dates, ...pesosOff('15.00') } }),
        line(random, { extra: { ...dates, ...percentOff('2.00') } }),
        line(random, { extra: { ...itemCode(random.digits(6)), ...pesosOn('18.90') } }),
      ],
    },
  };
}

function freeZoneShort({ random, buyer }: Ingredients) {
  return {
    Encabezado: shortHeader('44', buyer),
    DetallesItems: {
      Item: [line(random, { quantity: '120.50', unit: '21', price: '410.3375' })],
    },
  };
}

function government({ random, buyer }: Ingredients) {
  return {
    Encabezado: fullHeader('45', random, buyer),
    DetallesItems: {
      Item: [
        line(random, { billing: '1' }),
        line(random, { billing: '3' }),
        line(random, { billing: '4' }),
      ],
    },
  };
}

function governmentInDollars({ random, buyer }: Ingredients) {
  return {
    Encabezado: {
      ...shortHeader('45', buyer),
      OtraMoneda: { TipoMoneda: 'USD', TipoCambio: '56.3000' },
    },
    DetallesItems: {
      Item: Array.from({ length: 6 }, () =>
        line(random, {
          billing: '1',
          quantity: '20.00',
          price: random.price(1_500, 7_000, '.0000'),
        }),
      ),
    },
  };
}

function exportInEuros({ random }: Ingredients) {
  return {
    Encabezado: {
      IdDoc: { TipoeCF: '46' },
      Emisor: { FechaEmision: ISSUED },
      Comprador: {
        IdentificadorExtranjero: `BE${random.digits(10)}`,
        RazonSocialComprador: 'Chocolaterie du Nord NV',
        PaisComprador: 'Belgica',
      },
      InformacionesAdicionales: {
        FechaEmbarque: '28-03-2020',
        NumeroContenedor: random.digits(7),
        NombrePuertoEmbarque: 'Caucedo',
        CondicionesEntrega: 'FOB',
        TotalFob: '1250000.00',
        RegimenAduanero: 'Exportacion definitiva',
        NombrePuertoDesembarque: 'Amberes',
        PesoBruto: '10150.00',
        PesoNeto: '10000.00',
        UnidadPesoBruto: '21',
        UnidadPesoNeto: '21',
      },
      Transporte: {
        ViaTransporte: '02',
        PaisOrigen: 'Republica Dominicana',
        PaisDestino: 'Belgica',
      },
      OtraMoneda: { TipoMoneda: 'EUR', TipoCambio: '61.2500' },
    },
    DetallesItems: {
      Item: [
        {
          ...line(random, {
            quantity: '10000.00',
            unit: '21',
            price: random.price(90, 140, '.00'),
          }),
          NombreItem: 'Cacao orgánico en grano',
        },
      ],
    },
  };
}

function exportInPesos({ random, buyer }: Ingredients) {
  return {
    Encabezado: fullHeader('46', random, buyer),
    DetallesItems: {
      Item: [1, 2, 3, 4].map(() => line(random, { extra: pesosOff('12.50') })),
    },
  };
}

/** ISR of a payment abroad: 27 %. */
function abroadLine(random: Random): DraftItem {
  const price = random.price(200, 900, '.0000');
  return {
    ...line(random, { service: true, quantity: '60.00', unit: '19', price }),
    Retencion: { MontoISRRetenido: moneyText(decimal(price).times(60).times('0.27')) },
  };
}

function abroad({ random }: Ingredients) {
  const { Emisor = {} } = fullHeader('47', random, SUPPLIER);
  return {
    Encabezado: {
      IdDoc: { TipoeCF: '47' },
      Emisor,
      Comprador: {
        IdentificadorExtranjero: random.digits(9),
        RazonSocialComprador: 'Consultores Ibéricos SL',
      },
    },
    DetallesItems: { Item: [abroadLine(random), abroadLine(random)] },
  };
}

function abroadInDollars({ random }: Ingredients) {
  return {
    Encabezado: {
      IdDoc: { TipoeCF: '47' },
      Emisor: { FechaEmision: ISSUED },
      Comprador: {
        IdentificadorExtranjero: random.digits(9),
        RazonSocialComprador: 'Cloud Hosting LLC',
      },
      OtraMoneda: { TipoMoneda: 'USD', TipoCambio: '56.3000' },
    },
    DetallesItems: { Item: [abroadLine(random)] },
  };
}

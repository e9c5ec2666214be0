import type { EcfDocument } from '@getupnet/ecf';
import type { FinalCodigo } from '../state/verdict.js';
import { Court } from '../testing/court.js';
import { signed } from '../testing/client.js';
import { ISSUER, ecf, signedRfce } from '../testing/documents.js';
import { ofType, put, taxedEcf } from '../testing/requests.js';

const ITEM = 'DetallesItems/Item/0';
const TOTALES = 'Encabezado/Totales';
const SUB_DISCOUNT = {
  TablaSubDescuento: {
    SubDescuento: [{ TipoSubDescuento: '%', SubDescuentoPorcentaje: '10.00' }],
  },
};
const SUB_SURCHARGE = {
  TablaSubRecargo: { SubRecargo: [{ TipoSubRecargo: '$', MontoSubRecargo: '100.00' }] },
};
const taxes = (...codes: string[]): object => ({
  TablaImpuestoAdicional: { ImpuestoAdicional: codes.map((TipoImpuesto) => ({ TipoImpuesto })) },
});
const BEER = {
  ...taxes('006', '023'),
  CantidadReferencia: '24',
  UnidadReferencia: '5',
  TablaSubcantidad: { SubcantidadItem: [{ Subcantidad: '0.355', CodigoSubcantidad: '24' }] },
  GradosAlcohol: '5.00',
  PrecioUnitarioReferencia: '65.00',
};
const DOLLARS = { OtraMoneda: { TipoMoneda: 'USD', TipoCambio: '60.0000' } };

let court: Court;
beforeAll(() => {
  court = new Court();
});
afterAll(() => court.close());

type Make = (encf: string) => EcfDocument;
const plain: Make = (encf) => taxedEcf(encf);
const line =
  (fields: object): Make =>
  (encf) =>
    taxedEcf(encf, { ...fields });
const header =
  (fields: object): Make =>
  (encf) =>
    taxedEcf(encf, {}, { header: { ...fields } });
const exempt: Make = (encf) => ecf({ encf, price: '300000.00' });

interface Case {
  readonly name: string;
  readonly make: Make;
  readonly tipo?: string;
  /** Path and value that is put there after the document was completed; none: as it is. */
  readonly bend?: readonly (readonly [path: string, value: unknown])[];
  readonly codigo: FinalCodigo;
  readonly code?: string;
  readonly text?: string;
}

const CASES: readonly Case[] = [
  { name: 'a correct document', make: plain, codigo: '1' },
  { name: 'a correct discount', make: line(SUB_DISCOUNT), codigo: '1' },
  { name: 'a correct surcharge', make: line(SUB_SURCHARGE), codigo: '1' },
  { name: 'correct selective taxes', make: line(BEER), codigo: '1' },
  { name: 'correct legal tip', make: line(taxes('001')), codigo: '1' },
  { name: 'correct dollars', make: header(DOLLARS), codigo: '1' },
  {
    name: 'a discount that its table does not add up to',
    make: line(SUB_DISCOUNT),
    bend: [
      [`${ITEM}/DescuentoMonto`, '50.00'],
      [`${ITEM}/MontoItem`, '950.00'],
    ],
    codigo: '2',
    code: '2020',
    text: 'El campo DescuentoMonto de la sección DetallesItems de la línea 1 no es válido.',
  },
  {
    name: 'a percentage that is missing',
    make: line(SUB_DISCOUNT),
    bend: [[`${ITEM}/TablaSubDescuento/SubDescuento/0/SubDescuentoPorcentaje`, undefined]],
    codigo: '2',
    code: '2020',
    text: 'El campo TablaSubDescuento de la sección DetallesItems de la línea 1 no es válido.',
  },
  {
    name: 'a surcharge without its table',
    make: line(SUB_SURCHARGE),
    bend: [[`${ITEM}/TablaSubRecargo`, undefined]],
    codigo: '2',
    code: '2030',
    text: 'El campo RecargoMonto de la sección DetallesItems de la línea 1 no es válido.',
  },
  {
    name: 'a surcharge without amount',
    make: line(SUB_SURCHARGE),
    bend: [[`${ITEM}/TablaSubRecargo/SubRecargo/0/MontoSubRecargo`, undefined]],
    codigo: '2',
    code: '2030',
    text: 'El campo TablaSubRecargo de la sección DetallesItems de la línea 1 no es válido.',
  },
  {
    name: 'selective taxes without the size of the container',
    make: line(BEER),
    bend: [[`${ITEM}/TablaSubcantidad`, undefined]],
    codigo: '2',
    code: '2150',
    text: 'El campo TablaSubcantidad de la sección DetallesItems de la línea 1 no es válido.',
  },
  {
    name: 'a line one peso off',
    make: plain,
    bend: [
      [`${ITEM}/MontoItem`, '1001.00'],
      [`${TOTALES}/MontoTotal`, '1180.50'],
    ],
    codigo: '1',
  },
  {
    name: 'a line beyond it',
    make: plain,
    bend: [[`${ITEM}/MontoItem`, '1001.01']],
    codigo: '4',
    text: 'El campo MontoItem de la sección DetallesItems de la línea 1 no es válido.',
  },
  {
    name: 'a total as far off as there are lines',
    make: plain,
    bend: [[`${TOTALES}/MontoTotal`, '1181.00']],
    codigo: '1',
  },
  {
    name: 'a total beyond it',
    make: plain,
    bend: [[`${TOTALES}/MontoTotal`, '1181.01']],
    codigo: '4',
    text: 'El campo MontoTotal de la sección Totales no es válido.',
  },
  {
    name: 'ITBIS beyond it',
    make: plain,
    bend: [
      [`${TOTALES}/TotalITBIS`, '182.00'],
      [`${TOTALES}/TotalITBIS1`, '182.00'],
      [`${TOTALES}/MontoTotal`, '1182.00'],
    ],
    codigo: '4',
    text: 'TotalITBIS',
  },
  {
    name: 'another rate of ITBIS',
    make: plain,
    bend: [[`${TOTALES}/ITBIS1`, '17']],
    codigo: '2',
    text: '',
  },
  {
    name: 'an additional tax that the lines do not add up to',
    make: line(taxes('002')),
    bend: [
      [`${TOTALES}/ImpuestosAdicionales/ImpuestoAdicional/0/OtrosImpuestosAdicionales`, '99.00'],
    ],
    codigo: '2',
    code: '0',
    text:
      'OtrosImpuestosAdicionales para el Tipo de Impuesto 002 de la sección Totales ' +
      'no coincide con el detalle de la factura.',
  },
  {
    name: 'a selective amount that is missing',
    make: line(BEER),
    bend: [[`${TOTALES}/ImpuestosAdicionales`, undefined]],
    codigo: '2',
    text: 'ImpuestosAdicionales',
  },
  {
    name: 'dollars that are not the pesos',
    make: header(DOLLARS),
    bend: [['Encabezado/OtraMoneda/MontoTotalOtraMoneda', '25.00']],
    codigo: '4',
    text: 'El campo MontoTotalOtraMoneda de la sección OtraMoneda no es válido.',
  },
  {
    name: 'a credit sale that falls due before it is issued',
    make: header({ IdDoc: { TipoeCF: '31', TipoPago: '2', FechaLimitePago: '31-12-2027' } }),
    bend: [['Encabezado/IdDoc/FechaLimitePago', '01-01-2020']],
    codigo: '2',
    text: 'El campo FechaLimitePago de la sección IdDoc no es válido.',
  },
  {
    name: 'a period that ends before it begins',
    make: header({
      IdDoc: { TipoeCF: '31', FechaDesde: '01-01-2026', FechaHasta: '31-01-2026' },
    }),
    bend: [['Encabezado/IdDoc/FechaHasta', '31-12-2025']],
    codigo: '2',
    text: 'El campo FechaHasta de la sección IdDoc no es válido.',
  },
  { name: 'a large consumption invoice', make: exempt, tipo: '32', codigo: '1' },
  {
    name: 'a large one without buyer',
    make: exempt,
    tipo: '32',
    bend: [['Encabezado/Comprador/RNCComprador', undefined]],
    codigo: '2',
    text: 'El campo RNCComprador de la sección Comprador no es válido.',
  },
  {
    name: 'a large one whose buyer has no name',
    make: exempt,
    tipo: '32',
    bend: [['Encabezado/Comprador/RazonSocialComprador', undefined]],
    codigo: '2',
    text: 'El campo RazonSocialComprador de la sección Comprador no es válido.',
  },
  {
    name: 'a large one to a foreigner',
    make: exempt,
    tipo: '32',
    bend: [
      [
        'Encabezado/Comprador',
        { IdentificadorExtranjero: 'P-1', RazonSocialComprador: 'JOHN DOE' },
      ],
    ],
    codigo: '1',
  },
];

describe('content of an e-CF', () => {
  it.each(CASES)('$name: $codigo', async ({ make, tipo, bend, codigo, code, text }) => {
    const document = make(court.next(tipo ?? '31'));
    for (const [path, value] of bend ?? []) put(document, path, value);
    const { verdict } = await court.ecf(document);
    expect(verdict).toMatchObject({ codigo, secuenciaUtilizada: true });
    if (code !== undefined) expect(verdict.mensajes[0]?.codigo).toBe(code);
    if (text !== undefined) {
      const texts = verdict.mensajes.map(({ valor }) => valor);
      expect(texts).toContainEqual(expect.stringContaining(text));
    }
  });

  it.each(['31', '41', '43', '44', '45', '46', '47'])('accepts a type %s', async (tipo) => {
    const { verdict } = await court.ecf(ofType(court.next(tipo)));
    expect(verdict).toMatchObject({ codigo: '1', mensajes: [{ codigo: '0', valor: '' }] });
  });

  it('names every line that is wrong, up to twenty', async () => {
    const document = ecf({ encf: court.next('31') });
    const [item] = document.DetallesItems.Item;
    if (item === undefined) throw new Error('a document has a line');
    document.DetallesItems.Item = Array.from({ length: 30 }, (_, index) => ({
      ...item,
      NumeroLinea: String(index + 1),
      DescuentoMonto: '1.00',
    }));
    const { verdict } = await court.ecf(document);
    expect(verdict.mensajes).toHaveLength(20);
    expect(verdict.mensajes[6]).toEqual({
      codigo: '2020',
      valor: 'El campo DescuentoMonto de la sección DetallesItems de la línea 7 no es válido.',
    });
  });
});

describe('content of a summary', () => {
  it.each<readonly [string, string, string, FinalCodigo, string]>([
    ['as it is', '', '', '1', ''],
    ['sums one peso off', '<MontoTotal>1000.00<', '<MontoTotal>1001.00<', '1', ''],
    ['sums beyond it', '<MontoTotal>1000.00<', '<MontoTotal>1001.01<', '4', 'MontoTotal'],
    ['from the limit on', '<MontoTotal>1000.00<', '<MontoTotal>250000.00<', '2', '250,000.00'],
    [
      'buyer of two kinds',
      '<RazonSocialComprador>',
      '<IdentificadorExtranjero>P1</IdentificadorExtranjero><RazonSocialComprador>',
      '2',
      'IdentificadorExtranjero',
    ],
    ['a code that is none', 'Codigo>', 'Codigo>', '2', 'CodigoSeguridadeCF'],
  ])('%s', async (name, from, to, codigo, text) => {
    const file = await signedRfce(ecf({ encf: court.next('32') }), court.signer);
    const bent = name.includes('code')
      ? file.xml.replace(/(<CodigoSeguridadeCF>)[^<]{6}/, '$1ab cd!')
      : file.xml.replace(from, to);
    const unsigned = bent.replace(/<\?xml[^>]*>|<Signature[\s\S]*<\/Signature>/g, '');
    const again = await signed(unsigned, file.name, court.signer);
    const { verdict, rnc } = court.rfceFile(again);
    expect([verdict.codigo, rnc]).toEqual([codigo, ISSUER]);
    expect(verdict.mensajes.map(({ valor }) => valor).join(' ')).toContain(text);
  });
});

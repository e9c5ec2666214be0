import { readFile } from 'node:fs/promises';
import { complete, normalize, parse, serialize, type EcfDocument } from '@getupnet/ecf';
import type { Branding, RiInput } from '@getupnet/ri';

/** A picture of the printed representation: what is shown, and under which circumstances. */
export interface PictureSample {
  readonly name: string;
  readonly what: string;
  readonly xml: string;
  readonly input?: Partial<RiInput>;
  /** Pages of the letter that are shown. */
  readonly pages?: readonly number[];
}

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 48">
<path d="M4 24L24 4l20 20-20 20z" fill="#0b6e4f"/>
<path d="M24 12l12 12-12 12-12-12z" fill="#ffffff"/><circle cx="24" cy="24" r="5" fill="#f2a541"/>
<rect x="56" y="9" width="138" height="13" rx="2.5" fill="#0b6e4f"/>
<rect x="56" y="28" width="96" height="7" rx="2" fill="#0b6e4f" opacity="0.45"/></svg>`;

export const BRANDING: Branding = {
  logo: { mediaType: 'image/svg+xml', bytes: Buffer.from(LOGO) },
  accentColor: '#0b6e4f',
  footerText:
    'Gracias por preferirnos. Cambios y devoluciones dentro de 30 días con este comprobante. ' +
    'Cuenta corriente 960-123456-7, Banco de Ejemplo.',
};

const ISSUER = {
  RNCEmisor: '131880738',
  RazonSocialEmisor: 'Almacenes Peña y Ñeco, SRL',
  NombreComercial: 'Almacenes del Cibao',
  Sucursal: 'Los Jardines',
  DireccionEmisor: 'Av. 27 de Febrero 210, esquina Calle Ánimas',
  Municipio: '250101',
  Provincia: '250000',
  TablaTelefonoEmisor: { TelefonoEmisor: ['809-555-0100', '809-555-0101'] },
  CorreoEmisor: 'facturacion@almacenes.example.com',
  WebSite: 'almacenes.example.com',
};

const EXAMPLES: Readonly<Record<string, string>> = {
  '32': 'anonymous',
  '33': 'price-difference',
  '34': 'return',
  '41': 'informal-supplier',
  '43': 'petty-cash',
  '44': 'free-zone',
  '45': 'ministry',
  '46': 'cocoa-export',
  '47': 'foreign-consulting',
};

/** The worked examples of libs/ecf, issued by a company with a name, a branch and a logo. */
export async function pictureSamples(examples: URL): Promise<readonly PictureSample[]> {
  const samples: PictureSample[] = [
    {
      name: '31',
      what: 'Crédito fiscal, con descuentos y una línea exenta',
      xml: xmlOf(invoice(11)),
    },
  ];
  for (const [tipo, example] of Object.entries(EXAMPLES)) {
    const file = new URL(`${tipo}/${example}.xml`, examples);
    const xml = branded(parse(await readFile(file, 'utf8')));
    samples.push({ name: tipo, what: NAMES[tipo] ?? tipo, xml });
  }
  const beer = parse(await readFile(new URL('31/beer-selective-tax.xml', examples), 'utf8'));
  return [
    ...samples,
    { name: '31-selectivo', what: 'Con impuesto selectivo al consumo', xml: branded(beer) },
    { name: '31-paginas', what: 'Varias páginas', xml: xmlOf(invoice(52)), pages: [1, 2] },
    {
      name: '31-rechazado',
      what: 'Rechazado por DGII, sin marca propia',
      xml: xmlOf(invoice(3)),
      input: { standing: 'rejected', branding: {} },
    },
    {
      name: '31-contingencia',
      what: 'En contingencia, aún sin respuesta de DGII',
      xml: xmlOf(invoice(4)),
      input: { standing: 'pending', mode: 'contingency' },
    },
  ];
}

const NAMES: Readonly<Record<string, string>> = {
  '32': 'Consumo, por la ruta del resumen',
  '33': 'Nota de débito',
  '34': 'Nota de crédito',
  '41': 'Compras, con retenciones',
  '43': 'Gastos menores',
  '44': 'Regímenes especiales',
  '45': 'Gubernamental',
  '46': 'Exportaciones, en otra moneda',
  '47': 'Pagos al exterior',
};

function branded(document: EcfDocument): string {
  const { FechaEmision } = document.Encabezado.Emisor;
  document.Encabezado.Emisor = { ...ISSUER, FechaEmision };
  return serialize(document);
}

const xmlOf = (document: EcfDocument): string => serialize(document);

const ARTICLES: readonly (readonly [string, string, string, string])[] = [
  ['Cemento gris tipo I, funda de 94 lb', '485.00', '2', '1'],
  ['Varilla corrugada ⅜" × 20 pies', '312.50', '43', '1'],
  ['Pintura acrílica blanco hueso, cubeta', '4250.00', '49', '1'],
  ['Agua purificada, botellón', '65.00', '49', '4'],
  ['Bloque de hormigón de 6"', '42.75', '43', '1'],
  ['Tubería PVC SDR-41 de 4", tramo', '1180.00', '34', '1'],
  ['Servicio de entrega en obra, Jarabacoa', '3500.00', '', '1'],
  ['Café tostado y molido, paquete', '295.00', '31', '2'],
];

function invoice(lines: number): EcfDocument {
  const Item = Array.from({ length: lines }, (_, index) => {
    const [NombreItem, price, unit, billing] = ARTICLES[index % ARTICLES.length] ?? [];
    return {
      NombreItem,
      CantidadItem: String(((index * 7) % 24) + 1),
      PrecioUnitarioItem: price,
      IndicadorFacturacion: billing,
      IndicadorBienoServicio: unit === '' ? '2' : '1',
      ...(unit !== '' && { UnidadMedida: unit }),
      ...(index % 5 === 2 && {
        TablaSubDescuento: {
          SubDescuento: [{ TipoSubDescuento: '%', SubDescuentoPorcentaje: '10' }],
        },
      }),
      ...(index === 0 && {
        TablaCodigosItem: { CodigosItem: [{ TipoCodigo: 'Interna', CodigoItem: 'CEM-0094' }] },
      }),
    };
  });
  const draft = normalize({
    Encabezado: {
      IdDoc: {
        TipoeCF: '31',
        TipoPago: '2',
        FechaLimitePago: '15-07-2026',
        TerminoPago: '30 días',
      },
      Comprador: {
        RNCComprador: '131880681',
        RazonSocialComprador: 'Constructora Quisqueya, SRL',
        DireccionComprador: 'Calle El Sol 45, Santiago',
        CorreoComprador: 'compras@quisqueya.example.com',
        NumeroOrdenCompra: 'OC-2026-0418',
      },
    },
    DetallesItems: { Item },
    DescuentosORecargos: {
      DescuentoORecargo: [
        {
          TipoAjuste: 'D',
          DescripcionDescuentooRecargo: 'por volumen',
          TipoValor: '%',
          ValorDescuentooRecargo: '2.5',
          IndicadorFacturacionDescuentooRecargo: '1',
        },
      ],
    },
  });
  if (!draft.ok) throw new Error('the sample is not a document');
  return complete(draft.document, {
    issuer: ISSUER,
    now: new Date('2026-06-15T14:30:45Z'),
    encf: 'E310000000418',
    fechaVencimientoSecuencia: '31-12-2027',
  }).document;
}

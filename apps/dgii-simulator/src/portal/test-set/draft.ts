import { formatTree, type EcfDraft, type FormatNode, type TipoEcf } from '@getupnet/ecf';
import { GOODS, SERVICES } from './goods.data.js';
import type { Random } from './random.js';

type Header = NonNullable<EcfDraft['Encabezado']>;
export type DraftItem = NonNullable<NonNullable<EcfDraft['DetallesItems']>['Item']>[number];

/** Day on which everything but the notes of a test set is issued. */
export const ISSUED = '01-04-2020';
/** Notes follow within 30 days, except one that comes too late to give ITBIS back. */
export const NOTED = '15-04-2020';
export const NOTED_LATE = '20-06-2020';

export interface Buyer {
  readonly rnc: string;
  readonly name: string;
}

/** Header of a document that fills every field its type has for these sections. */
export function fullHeader(tipo: TipoEcf, random: Random, buyer: Buyer): Header {
  return {
    IdDoc: { TipoeCF: tipo },
    Emisor: issuerExtras(tipo, random),
    Comprador: fullBuyer(tipo, random, buyer),
    InformacionesAdicionales: shipment(tipo, random),
    Transporte: transport(tipo, random),
  };
}

/** Header with what a small business states. */
export function shortHeader(tipo: TipoEcf, buyer: Buyer): Header {
  return {
    IdDoc: { TipoeCF: tipo },
    Emisor: { FechaEmision: ISSUED },
    Comprador: { RNCComprador: buyer.rnc, RazonSocialComprador: buyer.name },
  };
}

function issuerExtras(tipo: TipoEcf, random: Random): NonNullable<Header['Emisor']> {
  return only(tipo, 'Encabezado/Emisor', {
    NombreComercial: 'PRUEBAS & ENSAYOS',
    Sucursal: `SUC-${random.integer(1, 40)}`,
    TablaTelefonoEmisor: { TelefonoEmisor: ['809-555-0101', '829-555-0102'] },
    CorreoEmisor: 'facturas+pruebas@ejemplo.com.do',
    WebSite: 'www.ejemplo.com.do',
    ActividadEconomica: 'Comercio al por mayor y al por menor',
    CodigoVendedor: `VEND-${random.digits(6)}`,
    NumeroFacturaInterna: random.digits(12),
    NumeroPedidoInterno: random.digits(12),
    ZonaVenta: random.pick(['NORTE', 'SUR', 'ESTE', 'OZAMA']),
    RutaVenta: `R-${random.integer(1, 30)}`,
    InformacionAdicionalEmisor: 'Entrega en almacén, de 8:00 a.m. a 5:00 p.m.',
    FechaEmision: ISSUED,
  });
}

function fullBuyer(tipo: TipoEcf, random: Random, buyer: Buyer): NonNullable<Header['Comprador']> {
  return only(tipo, 'Encabezado/Comprador', {
    RNCComprador: buyer.rnc,
    RazonSocialComprador: buyer.name,
    ContactoComprador: 'María Peña',
    CorreoComprador: 'compras@ejemplo.com.do',
    DireccionComprador: 'Calle El Conde No. 105, esq. Duarte',
    MunicipioComprador: '010100',
    ProvinciaComprador: '010000',
    FechaEntrega: '10-10-2020',
    ContactoEntrega: 'Almacén central',
    DireccionEntrega: 'Km 9 autopista Duarte, nave 4',
    TelefonoAdicional: '849-555-0103',
    FechaOrdenCompra: '10-11-2018',
    NumeroOrdenCompra: random.digits(10),
    CodigoInternoComprador: random.digits(8),
    ResponsablePago: 'Cuentas por pagar',
    InformacionAdicionalComprador: 'Recibe <solo> con cita',
  });
}

function shipment(tipo: TipoEcf, random: Random): NonNullable<Header['InformacionesAdicionales']> {
  return only(tipo, 'Encabezado/InformacionesAdicionales', {
    FechaEmbarque: '28-03-2020',
    NumeroEmbarque: `EMB-${random.digits(6)}`,
    NumeroContenedor: random.digits(7),
    NumeroReferencia: random.digits(4),
    PesoBruto: '1250.50',
    PesoNeto: '1200.25',
    UnidadPesoBruto: '21',
    UnidadPesoNeto: '21',
    CantidadBulto: '25.00',
    UnidadBulto: '6',
    VolumenBulto: '12.50',
    UnidadVolumen: '25',
  });
}

function transport(tipo: TipoEcf, random: Random): NonNullable<Header['Transporte']> {
  return only(tipo, 'Encabezado/Transporte', {
    Conductor: 'Ramón Núñez',
    DocumentoTransporte: random.digits(6),
    Ficha: `F-${random.digits(4)}`,
    Placa: `L${random.digits(6)}`,
    RutaTransporte: 'Duarte-Norte',
    ZonaTransporte: 'Interior-1',
    NumeroAlbaran: random.digits(7),
  });
}

/** The fields that this type's format has in a section. */
function only<T extends object>(tipo: TipoEcf, path: string, fields: T): T {
  const names = new Set(nodeAt(tipo, path)?.children.map(({ name }) => name));
  const kept = Object.entries(fields).filter(([name]) => names.has(name));
  return Object.fromEntries(kept) as T;
}

function nodeAt(tipo: TipoEcf, path: string): FormatNode | undefined {
  let nodes: readonly FormatNode[] = formatTree(tipo).children;
  let found: FormatNode | undefined;
  for (const name of path.split('/')) {
    found = nodes.find((node) => node.name === name);
    nodes = found?.children ?? [];
  }
  return found;
}

export interface LineWish {
  /** IndicadorFacturacion; absent where the type admits one only. */
  readonly billing?: string;
  readonly service?: boolean;
  readonly quantity?: string;
  readonly price?: string;
  readonly unit?: string;
  readonly extra?: DraftItem;
}

/** A line of goods or services with drawn name, quantity and price. */
export function line(random: Random, wish: LineWish = {}): DraftItem {
  const isService = wish.service === true;
  return {
    ...(wish.billing === undefined ? {} : { IndicadorFacturacion: wish.billing }),
    NombreItem: random.pick(isService ? SERVICES : GOODS),
    IndicadorBienoServicio: isService ? '2' : '1',
    CantidadItem: wish.quantity ?? `${random.integer(2, 60)}.00`,
    UnidadMedida: wish.unit ?? (isService ? '23' : '43'),
    PrecioUnitarioItem: wish.price ?? random.price(25, 900, '.0000'),
    ...wish.extra,
  };
}

export const percentOff = (percentage: string): DraftItem => ({
  TablaSubDescuento: {
    SubDescuento: [{ TipoSubDescuento: '%', SubDescuentoPorcentaje: percentage }],
  },
});

export const pesosOff = (...amounts: readonly string[]): DraftItem => ({
  TablaSubDescuento: {
    SubDescuento: amounts.map((MontoSubDescuento) => ({
      TipoSubDescuento: '$',
      MontoSubDescuento,
    })),
  },
});

export const percentOn = (percentage: string): DraftItem => ({
  TablaSubRecargo: { SubRecargo: [{ TipoSubRecargo: '%', SubRecargoPorcentaje: percentage }] },
});

export const pesosOn = (MontoSubRecargo: string): DraftItem => ({
  TablaSubRecargo: { SubRecargo: [{ TipoSubRecargo: '$', MontoSubRecargo }] },
});

export const taxes = (...codes: readonly string[]): DraftItem => ({
  TablaImpuestoAdicional: {
    ImpuestoAdicional: codes.map((TipoImpuesto) => ({ TipoImpuesto })),
  },
});

export const itemCode = (CodigoItem: string): DraftItem => ({
  TablaCodigosItem: { CodigosItem: [{ TipoCodigo: 'Interno', CodigoItem }] },
});

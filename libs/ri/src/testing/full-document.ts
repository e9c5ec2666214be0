import { formatTree, type EcfDocument, type FormatNode, type TipoEcf } from '@getupnet/ecf';

export interface Fill {
  readonly lines: number;
  /** Longest texts and amounts of 18 digits, or short ones. */
  readonly long: boolean;
  /** Entries of other lists: payment forms, discounts, subtotals. */
  readonly entries?: number;
}

const LONG_AMOUNT = '9999999999999999.99';
const LONG_WORD = 'Ñandú';

/** A document with every element its type may have: valid in shape, absurd in content. */
export function fullDocument(tipo: TipoEcf, fill: Fill): EcfDocument {
  const { children } = formatTree(tipo);
  const document: Record<string, unknown> = {};
  for (const node of children) document[node.name] = valueOf(node, tipo, fill, 0);
  delete document['Paginacion'];
  return document as unknown as EcfDocument;
}

function valueOf(node: FormatNode, tipo: TipoEcf, fill: Fill, index: number): unknown {
  if (node.max > 1) {
    const wanted = node.name === 'Item' ? fill.lines : Math.min(node.max, fill.entries ?? 2);
    return Array.from({ length: wanted }, (_, entry) => single(node, tipo, fill, entry));
  }
  return single(node, tipo, fill, index);
}

function single(node: FormatNode, tipo: TipoEcf, fill: Fill, index: number): unknown {
  if (!node.type) {
    const children = node.children.map((child) => [child.name, valueOf(child, tipo, fill, index)]);
    return Object.fromEntries(children);
  }
  return textOf(node, tipo, fill, index);
}

const STATED: Readonly<Record<string, string>> = {
  Version: '1.0',
  FechaHoraFirma: '15-06-2026 10:30:45',
  FechaEmision: '15-06-2026',
  RNCEmisor: '00100000012',
  RNCComprador: '00100000020',
  NCFModificado: 'A010010010100000001',
  CodigoModificacion: '2',
  TipoCambio: '999.9999',
  UnidadMedida: '5',
  IndicadorMontoGravado: '1',
  TipoImpuesto: '006',
  Municipio: '110104',
  Provincia: '110000',
  GradosAlcohol: '99.99',
  // What taxes are computed from stays small: their amounts have at most 18 digits as well.
  CantidadItem: '99999.99',
  CantidadReferencia: '24',
  Subcantidad: '0.750',
  PrecioUnitarioReferencia: '12345.67',
  TasaImpuestoAdicional: '632.58',
};

function textOf({ name, typeName, type }: FormatNode, tipo: TipoEcf, fill: Fill, index: number) {
  if (name === 'TipoeCF') return tipo;
  if (name === 'eNCF') return `E${tipo}0000000001`;
  if (name === 'NumeroLinea') return String(index + 1);
  if (name === 'IndicadorFacturacion') return ['1', '4', '2', '3'][index % 4] ?? '1';
  if (name === 'NombreItem') return itemName(index, fill.long);
  if (name in STATED) return STATED[name] ?? '';
  const codes = type && 'codes' in type ? type.codes : undefined;
  if (codes && codes.length > 0) return codes[index % codes.length] ?? '';
  if (name.startsWith('Fecha')) return '31-12-2027';
  const size = Number(/^text(\d+)$/.exec(typeName)?.[1] ?? 0);
  if (size > 0) return fill.long ? LONG_WORD.repeat(200).slice(0, size) : words(size);
  if (/Porcentaje|Tasa|^ITBIS|Valor(Descuento)/.test(name)) return '999.99';
  if (/Pagina|Lineas|Orden|Numero/.test(name)) return '99';
  return fill.long ? LONG_AMOUNT : '1234.56';
}

/** Up to so many characters, broken into words. */
function words(size: number): string {
  return 'Según lo convenido, añada el año y la dirección del almacén; '
    .repeat(20)
    .slice(0, Math.min(size, 90))
    .trim();
}

/** Starts with a word no other line has, so that a test finds it again. */
export function itemName(index: number, long: boolean): string {
  const tag = `L${String(index + 1).padStart(5, '0')}`;
  return long ? `${tag} ${'Ampliación del año '.repeat(5)}`.slice(0, 80).trim() : `${tag} tornillo`;
}

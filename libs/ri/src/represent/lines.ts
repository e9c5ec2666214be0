import { moneyText, type Draft, type EcfDraft, type EcfItem, type LineTaxes } from '@getupnet/ecf';
import { COLUMNS, type ColumnName, type RiColumn, type RiLine } from '../model.js';
import { decimalText, plain } from './format.js';
import { unitInWords } from './words.js';

type Item = Draft<EcfItem>;
type Cells = Partial<Record<ColumnName, string>>;

/** Shown or not as the tenant chooses; the others DGII demands (Formato e-CF, RI = I or P). */
const OPTIONAL: ReadonlySet<ColumnName> = new Set([
  'linea',
  'codigo',
  'isce',
  'iscav',
  'itbis',
  'precioOtraMoneda',
  'valorOtraMoneda',
]);
const SHOWN_BY_DEFAULT: readonly ColumnName[] = [
  'isce',
  'iscav',
  'itbis',
  'precioOtraMoneda',
  'valorOtraMoneda',
];
const LEFT: ReadonlySet<ColumnName> = new Set(['linea', 'codigo', 'descripcion', 'unidad']);

export interface Lines {
  readonly columns: readonly RiColumn[];
  readonly lines: readonly RiLine[];
}

/** The lines and the columns that hold something (Informe Técnico e-CF v1.0, pp. 32-33). */
export function linesOf(
  document: EcfDraft,
  taxes: readonly LineTaxes[],
  chosen: readonly ColumnName[] = SHOWN_BY_DEFAULT,
): Lines {
  const wanted = new Set(chosen);
  const currency = document.Encabezado?.OtraMoneda?.TipoMoneda ?? '';
  const items = document.DetallesItems?.Item ?? [];
  const used = new Set<ColumnName>(['cantidad', 'descripcion', 'precio', 'valor']);
  const lines = items.map((item, index) => {
    const cells = cellsOf(item, taxes[index]);
    for (const name of Object.keys(cells) as ColumnName[]) used.add(name);
    return {
      exempt: item.IndicadorFacturacion === '4',
      cells,
      notes: notesOf(item, wanted),
    };
  });
  const columns = COLUMNS.filter(
    (name) => used.has(name) && (!OPTIONAL.has(name) || wanted.has(name)),
  ).map((name) => ({
    name,
    label: labelOf(name, used.has('valorOtraMoneda') ? currency : ''),
    align: LEFT.has(name) ? ('left' as const) : ('right' as const),
  }));
  return { columns, lines };
}

const LABELS: Readonly<Record<ColumnName, string>> = {
  linea: 'No.',
  codigo: 'Código',
  cantidad: 'Cantidad',
  descripcion: 'Descripción',
  unidad: 'Unidad',
  gradosAlcohol: 'Grados Alcohol en %',
  pvp: 'PVPci',
  precio: 'Precio',
  precioOtraMoneda: 'Precio',
  isce: 'ISCe',
  iscav: 'ISCav',
  itbis: 'ITBIS',
  descuento: 'Descuento',
  recargo: 'Recargo',
  valor: 'Valor',
  valorOtraMoneda: 'Valor',
};

/** With amounts in two currencies each label says which one. */
function labelOf(name: ColumnName, currency: string): string {
  const label = LABELS[name];
  if (currency === '') return label;
  if (name === 'precioOtraMoneda' || name === 'valorOtraMoneda') return `${label} ${currency}`;
  return name === 'precio' || name === 'valor' ? `${label} DOP` : label;
}

function cellsOf(item: Item, tax: LineTaxes | undefined): Cells {
  const cells: Cells = {
    linea: item.NumeroLinea ?? '',
    cantidad: decimalText(item.CantidadItem ?? '', 0),
    descripcion: plain(item.NombreItem ?? ''),
    precio: decimalText(item.PrecioUnitarioItem ?? ''),
    valor: decimalText(item.MontoItem ?? ''),
  };
  const put = (name: ColumnName, value: string | undefined) => {
    if (value !== undefined && value !== '') cells[name] = value;
  };
  const amount = (text: string | undefined) => (text === undefined ? undefined : decimalText(text));
  const code = item.TablaCodigosItem?.CodigosItem?.[0]?.CodigoItem;
  put('codigo', code === undefined ? undefined : plain(code));
  put('unidad', item.UnidadMedida === undefined ? undefined : unitInWords(item.UnidadMedida));
  put('gradosAlcohol', amount(item.GradosAlcohol));
  put('pvp', amount(item.PrecioUnitarioReferencia));
  put('descuento', amount(item.DescuentoMonto));
  put('recargo', amount(item.RecargoMonto));
  put('precioOtraMoneda', amount(item.OtraMonedaDetalle?.PrecioOtraMoneda));
  put('valorOtraMoneda', amount(item.OtraMonedaDetalle?.MontoItemOtraMoneda));
  if (tax) {
    if (tax.specificTax > 0n) put('isce', decimalText(moneyText(tax.specificTax)));
    if (tax.adValoremTax > 0n) put('iscav', decimalText(moneyText(tax.adValoremTax)));
    if (tax.itbis > 0n) put('itbis', decimalText(moneyText(tax.itbis)));
  }
  return cells;
}

function notesOf(item: Item, shown: ReadonlySet<ColumnName>): readonly string[] {
  const notes: string[] = [];
  const description = plain(item.DescripcionItem ?? '');
  if (description !== '') notes.push(description);
  const codes = (item.TablaCodigosItem?.CodigosItem ?? [])
    .slice(shown.has('codigo') ? 1 : 0)
    .map(({ TipoCodigo = '', CodigoItem = '' }) => plain(`${TipoCodigo} ${CodigoItem}`));
  if (codes.length > 0) notes.push(`Código: ${codes.join(' · ')}`);
  const facts = [
    ['Elaborado', item.FechaElaboracion],
    ['Vence', item.FechaVencimientoItem],
    ['ITBIS retenido', money(item.Retencion?.MontoITBISRetenido)],
    ['ISR retenido', money(item.Retencion?.MontoISRRetenido)],
    ['Descuento en otra moneda', money(item.OtraMonedaDetalle?.DescuentoOtraMoneda)],
    ['Recargo en otra moneda', money(item.OtraMonedaDetalle?.RecargoOtraMoneda)],
  ].flatMap(([label, value]) => (value === undefined ? [] : `${label ?? ''}: ${value}`));
  if (facts.length > 0) notes.push(facts.join(' · '));
  return notes;
}

const money = (text: string | undefined) => (text === undefined ? undefined : decimalText(text));

import { ADDITIONAL_TAX, type Draft, type EcfDraft, type EcfTotales } from '@getupnet/ecf';
import { decimal, moneyText, ZERO } from '@getupnet/kernel';
import type { RiField, RiTotal } from '../model.js';
import { amount, Fields } from './fields.js';
import { decimalText, plain } from './format.js';

type Totales = Draft<EcfTotales>;

/** Rows of the totals, with the amounts in the other currency beside them. */
class Rows {
  readonly list: RiTotal[] = [];

  add(
    label: string,
    value: string | undefined,
    { other, weight = 'normal' }: { other?: string | undefined; weight?: RiTotal['weight'] } = {},
  ): this {
    if (value === undefined || value === '') return this;
    this.list.push({
      label,
      value: decimalText(value),
      ...(other !== undefined && { otherCurrency: decimalText(other) }),
      weight,
    });
    return this;
  }
}

/** Totals in the order of the models (Informe Técnico e-CF v1.0, p. 33). */
export function totalsOf(document: EcfDraft): readonly RiTotal[] {
  const totals = document.Encabezado?.Totales ?? {};
  const other = document.Encabezado?.OtraMoneda ?? {};
  const rows = new Rows();
  addAdjustments(rows, document);
  rows.add('Subtotal Gravado:', totals.MontoGravadoTotal, {
    other: other.MontoGravadoTotalOtraMoneda,
  });
  addRates(rows, totals);
  rows.add('Subtotal Exento:', totals.MontoExento, { other: other.MontoExentoOtraMoneda });
  addAdditionalTaxes(rows, document);
  rows
    .add('Total ITBIS:', totals.TotalITBIS, { other: other.TotalITBISOtraMoneda })
    .add('Total:', totals.MontoTotal, { other: other.MontoTotalOtraMoneda, weight: 'grand' })
    .add('Monto No Facturable:', totals.MontoNoFacturable)
    .add('Monto del Período:', totals.MontoPeriodo)
    .add('Saldo Anterior:', totals.SaldoAnterior)
    .add('Avance de Pago:', totals.MontoAvancePago)
    .add('ITBIS Retenido:', totals.TotalITBISRetenido)
    .add('ISR Retenido:', totals.TotalISRRetencion)
    .add('ITBIS Percibido:', totals.TotalITBISPercepcion)
    .add('ISR Percibido:', totals.TotalISRPercepcion)
    .add('Valor a Pagar:', totals.ValorPagar);
  return rows.list;
}

/** Taxed amounts by rate, when there is more than one. */
function addRates(rows: Rows, totals: Totales): void {
  const rates = [
    [totals.ITBIS1, totals.MontoGravadoI1],
    [totals.ITBIS2, totals.MontoGravadoI2],
    [totals.ITBIS3, totals.MontoGravadoI3],
  ].filter(([, taxed]) => taxed !== undefined);
  if (rates.length < 2) return;
  for (const [rate = '', taxed] of rates) {
    rows.add(`Gravado ${decimalText(rate, 0)}%:`, taxed, { weight: 'part' });
  }
}

const SAYS_KIND = /^(?:descuento|recargo|rebaja|bonificaci[oó]n)\b/i;

function addAdjustments(rows: Rows, { DescuentosORecargos }: EcfDraft): void {
  for (const row of DescuentosORecargos?.DescuentoORecargo ?? []) {
    const discount = row.TipoAjuste === 'D';
    const name = plain(row.DescripcionDescuentooRecargo ?? '') || 'Global';
    // «Descuento por pronto pago» says it already.
    const named = SAYS_KIND.test(name) ? name : `${discount ? 'Descuento' : 'Recargo'} ${name}`;
    const stated = row.ValorDescuentooRecargo;
    const share =
      stated === undefined || row.TipoValor !== '%' ? '' : ` (${decimalText(stated, 0)}%)`;
    rows.add(
      `${named}${share}:`,
      `${discount ? '-' : ''}${row.MontoDescuentooRecargo ?? stated ?? ''}`,
      { other: row.MontoDescuentooRecargoOtraMoneda },
    );
  }
}

/** Names of the taxes that have a row of their own. */
const OTHER_TAXES: Readonly<Record<string, string>> = {
  '001': 'Propina Legal',
  '002': 'CDT',
  '003': 'ISC Seguros',
  '004': 'ISC Telecomunicaciones',
  '005': 'Primera Placa',
};

function addAdditionalTaxes(rows: Rows, { Encabezado }: EcfDraft): void {
  const totals = Encabezado?.Totales ?? {};
  let specific = ZERO;
  let adValorem = ZERO;
  const others: (readonly [label: string, value: string])[] = [];
  for (const entry of totals.ImpuestosAdicionales?.ImpuestoAdicional ?? []) {
    specific = specific.plus(numberOf(entry.MontoImpuestoSelectivoConsumoEspecifico));
    adValorem = adValorem.plus(numberOf(entry.MontoImpuestoSelectivoConsumoAdvalorem));
    if (entry.OtrosImpuestosAdicionales === undefined) continue;
    const code = entry.TipoImpuesto ?? '';
    const name = OTHER_TAXES[code] ?? ADDITIONAL_TAX.get(code)?.name ?? `Impuesto ${code}`;
    const rate = entry.TasaImpuestoAdicional;
    const label = rate === undefined ? name : `${name} (${decimalText(rate, 0)}%)`;
    others.push([`${label}:`, entry.OtrosImpuestosAdicionales]);
  }
  const selective = specific.plus(adValorem);
  if (selective.gt(ZERO)) {
    rows.add('Total ISC:', moneyText(selective));
    if (specific.gt(ZERO) && adValorem.gt(ZERO)) {
      rows.add('ISC específico:', moneyText(specific), { weight: 'part' });
      rows.add('ISC ad-valorem:', moneyText(adValorem), { weight: 'part' });
    }
  }
  for (const [label, value] of others) rows.add(label, value);
  const total = totals.MontoImpuestoAdicional;
  const other = Encabezado?.OtraMoneda?.MontoImpuestoAdicionalOtraMoneda;
  const single = others.length + (selective.gt(ZERO) ? 1 : 0) === 1;
  const shown = others[0]?.[1] ?? moneyText(selective);
  if (single && other === undefined && total !== undefined && sameAmount(shown, total)) return;
  rows.add('Total Impuestos Adicionales:', total, { other });
}

const sameAmount = (a: string, b: string): boolean => decimalText(a) === decimalText(b);

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;
const numberOf = (text: string | undefined) =>
  text !== undefined && DECIMAL.test(text) ? decimal(text) : ZERO;

/** Informative subtotals (Formato e-CF V1.0, section Subtotales). */
export function subtotalsOf({ Subtotales }: EcfDraft): readonly RiField[] {
  const fields = new Fields();
  for (const entry of Subtotales?.Subtotal ?? []) {
    const name = plain(entry.DescripcionSubtotal ?? '') || `Subtotal ${entry.NumeroSubTotal ?? ''}`;
    fields.add(`${name}:`, entry.MontoSubTotal, amount);
  }
  return fields.list;
}

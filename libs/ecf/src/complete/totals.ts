import { namesIn } from '../catalogue/fields.js';
import type { TipoEcf } from '../catalogue/formats.js';
import type { Findings } from '../findings/finding.js';
import type { Draft, EcfImpuestoAdicional, EcfTotales } from '../model/index.js';
import { moneyText, round, ZERO, type Money } from '../money.js';
import { taxField, type ComputedTax } from '../rules/additional-taxes.js';
import { ITBIS_RATES, TAXED_INDICATORS } from '../rules/itbis.js';
import type { Totals } from '../rules/totals.js';

/** Fills the totals that are missing, in place, each rounded once from its exact value. */
export function completeTotals(
  stated: Draft<EcfTotales>,
  totals: Totals,
  tipo: TipoEcf,
  findings: Findings,
): void {
  const names = namesIn(tipo, 'Encabezado/Totales');
  const fill = (name: AmountName, amount: Money | undefined): void => {
    if (amount === undefined || stated[name] !== undefined) return;
    if (names.has(name)) stated[name] = moneyText(amount);
  };
  const taxed = TAXED_INDICATORS.some((indicator) => totals.taxed[indicator] !== undefined);
  for (const indicator of TAXED_INDICATORS) {
    const group = totals.taxed[indicator];
    if (!group) continue;
    fill(`MontoGravadoI${indicator}`, group.amount);
    fill(`TotalITBIS${indicator}`, group.itbis);
    if (names.has(`ITBIS${indicator}`)) {
      stated[`ITBIS${indicator}`] ??= ITBIS_RATES[indicator];
    }
  }
  if (taxed) {
    fill('MontoGravadoTotal', totals.taxedTotal);
    fill('TotalITBIS', totals.itbisTotal);
  }
  fill('MontoExento', totals.exempt);
  if (totals.taxes.length > 0) {
    if (isPayable(totals.taxesTotal)) fill('MontoImpuestoAdicional', totals.taxesTotal);
    const amounts = namesIn(tipo, 'Encabezado/Totales/ImpuestosAdicionales/ImpuestoAdicional');
    // The table of type 44 has no place for selective taxes on goods.
    const taxes = totals.taxes.filter(({ tax }) => amounts.has(taxField(tax)));
    if (taxes.length > 0) completeTaxes(stated, taxes, findings);
  }
  fill('MontoTotal', totals.total);
  fill('MontoNoFacturable', totals.notBillable);
  fill('TotalITBISRetenido', totals.withheldItbis);
  fill('TotalISRRetencion', totals.withheldIsr);
}

type AmountName = {
  [Name in keyof EcfTotales]-?: string extends EcfTotales[Name] ? Name : never;
}[keyof EcfTotales] &
  string;

/** One entry per code of the lines: what is stated, completed, and then the codes not mentioned. */
function completeTaxes(
  stated: Draft<EcfTotales>,
  taxes: readonly ComputedTax[],
  findings: Findings,
): void {
  const table = (stated.ImpuestosAdicionales ??= {});
  const entries = (table.ImpuestoAdicional ??= []);
  for (const computed of taxes) {
    const { code } = computed.tax;
    let entry = entries.find(({ TipoImpuesto }) => TipoImpuesto === code);
    if (!entry) entries.push((entry = { TipoImpuesto: code }));
    completeTax(entry, computed, findings);
  }
}

/** Tax amounts are above zero or not there. */
const isPayable = (amount: Money): boolean => round(amount) > ZERO;

const AMOUNTS = [
  'MontoImpuestoSelectivoConsumoEspecifico',
  'MontoImpuestoSelectivoConsumoAdvalorem',
  'OtrosImpuestosAdicionales',
] as const;

function completeTax(
  entry: Draft<EcfImpuestoAdicional>,
  { tax, amount }: ComputedTax,
  findings: Findings,
): void {
  if (entry.TasaImpuestoAdicional === undefined) {
    entry.TasaImpuestoAdicional = tax.rate;
    // Rates per litre or pack change every quarter, so the table's may be out of date.
    if (tax.kind === 'alcoholSpecific' || tax.kind === 'cigaretteSpecific') {
      findings.add('ECF-DEF-03', '/Encabezado/Totales/ImpuestosAdicionales', {
        code: tax.code,
        rate: tax.rate,
      });
    }
  }
  const none = AMOUNTS.every((name) => entry[name] === undefined);
  if (none && isPayable(amount)) entry[taxField(tax)] = moneyText(amount);
}

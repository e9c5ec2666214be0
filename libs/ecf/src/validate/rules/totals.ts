import { ADDITIONAL_TAX } from '../../catalogue/codes.js';
import { namesIn } from '../../catalogue/fields.js';
import type { FindingCode } from '../../findings/findings.data.js';
import type { EcfImpuestoAdicional, EcfTotales } from '../../model/index.js';
import { abs, CENT, money, moneyText, ZERO, type Money } from '../../money.js';
import { taxField } from '../../rules/additional-taxes.js';
import { ITBIS_RATES, TAXED_INDICATORS } from '../../rules/itbis.js';
import type { Rule, RuleContext } from '../context.js';

const TOTALS = '/Encabezado/Totales';

type AmountName = Exclude<keyof EcfTotales, 'ImpuestosAdicionales'>;

/** Reports a stated amount that is further from the computed one than DGII tolerates. */
function compare(
  { header, tolerance, findings }: RuleContext,
  code: FindingCode,
  field: AmountName,
  computed: Money | undefined,
  limit: Money = tolerance,
): void {
  const text = header.Totales[field];
  const stated = money(text);
  const expected = computed ?? ZERO;
  if (abs((stated ?? ZERO) - expected) <= limit) return;
  findings.add(code, `${TOTALS}/${field}`, {
    field,
    stated: text ?? 'sin indicar',
    computed: moneyText(expected),
    tolerance: moneyText(limit),
  });
}

/** Totals against the lines (Formato e-CF V1.0, pp. 20-27; tolerance: Informe Técnico, p. 20). */
export const checkTotals: Rule = (context) => {
  const { totals } = context;
  for (const indicator of TAXED_INDICATORS) {
    const group = totals.taxed[indicator];
    compare(context, 'ECF-TOT-02', `MontoGravadoI${indicator}`, group?.amount);
    compare(context, 'ECF-TOT-04', `TotalITBIS${indicator}`, group?.itbis);
  }
  compare(context, 'ECF-TOT-02', 'MontoGravadoTotal', totals.taxedTotal);
  compare(context, 'ECF-TOT-03', 'MontoExento', totals.exempt);
  compare(context, 'ECF-TOT-04', 'TotalITBIS', totals.itbisTotal);
  compare(context, 'ECF-TOT-05', 'MontoImpuestoAdicional', totals.taxesTotal);
  compare(context, 'ECF-TOT-06', 'MontoTotal', totals.total);
  compare(context, 'ECF-TOT-07', 'MontoNoFacturable', totals.notBillable);
  compare(context, 'ECF-TOT-10', 'TotalITBISRetenido', totals.withheldItbis);
  compare(context, 'ECF-TOT-10', 'TotalISRRetencion', totals.withheldIsr);
};

/** Amounts that follow from other totals (Formato e-CF V1.0, pp. 20-27). */
export const checkDerivedTotals: Rule = (context) => {
  const { header, totals } = context;
  const stated = header.Totales;
  const total = money(stated.MontoTotal) ?? ZERO;
  if (stated.MontoPeriodo !== undefined) {
    const period = total + (money(stated.MontoNoFacturable) ?? ZERO);
    compare(context, 'ECF-TOT-08', 'MontoPeriodo', period);
  }
  if (stated.ValorPagar !== undefined) {
    const advance = money(stated.MontoAvancePago) ?? ZERO;
    const balance = money(stated.SaldoAnterior) ?? ZERO;
    const due = total - totals.norma1007 - advance + balance;
    compare(context, 'ECF-TOT-09', 'ValorPagar', due);
  }
};

/** ITBIS1, ITBIS2, ITBIS3 say the rate itself, wherever there are lines of it. */
export const checkRates: Rule = ({ tipo, header, totals, findings }) => {
  const names = namesIn(tipo, 'Encabezado/Totales');
  for (const indicator of TAXED_INDICATORS) {
    const field = `ITBIS${indicator}` as const;
    const value = header.Totales[field];
    const expected = ITBIS_RATES[indicator];
    const path = `${TOTALS}/${field}`;
    if (value === undefined) {
      if (totals.taxed[indicator] && names.has(field)) {
        findings.add('ECF-TOT-14', path, { field, expected });
      }
    } else if (Number(value) !== Number(expected)) {
      findings.add('ECF-TOT-11', path, { field, value, expected });
    }
  }
};

/** Every code of the lines has its amount in the totals, and no other (DGII rejects otherwise). */
export const checkTaxTotals: Rule = ({ header, totals, tolerance, findings }) => {
  const entries = header.Totales.ImpuestosAdicionales?.ImpuestoAdicional ?? [];
  const path = `${TOTALS}/ImpuestosAdicionales`;
  for (const { tax, amount } of totals.taxes) {
    const index = entries.findIndex(({ TipoImpuesto }) => TipoImpuesto === tax.code);
    const field = taxField(tax);
    const text = entries[index]?.[field];
    const stated = money(text);
    if (stated !== undefined && abs(stated - amount) <= tolerance) continue;
    // In bulk a specific tax is not computed, so it has no amount to state.
    if (stated === undefined && abs(amount) < CENT) continue;
    findings.add('ECF-TOT-12', index < 0 ? path : `${path}/ImpuestoAdicional/${index}/${field}`, {
      code: tax.code,
      field,
      stated: text ?? 'sin indicar',
      computed: moneyText(amount),
    });
  }
  const seen = new Set<string>();
  entries.forEach((entry, index) => {
    const code = entry.TipoImpuesto;
    if (code === undefined) return;
    const at = `${path}/ImpuestoAdicional/${index}`;
    if (seen.has(code)) findings.add('ECF-TOT-17', `${at}/TipoImpuesto`, { code });
    seen.add(code);
    if (!totals.taxes.some(({ tax }) => tax.code === code)) {
      findings.add('ECF-TOT-13', `${at}/TipoImpuesto`, { code });
    }
    checkTaxEntry(entry, at, findings);
  });
};

const TAX_AMOUNTS = [
  'MontoImpuestoSelectivoConsumoEspecifico',
  'MontoImpuestoSelectivoConsumoAdvalorem',
  'OtrosImpuestosAdicionales',
] as const satisfies readonly (keyof EcfImpuestoAdicional)[];

/** Rate and amount of one entry; the rates per litre and pack change every quarter. */
function checkTaxEntry(
  { TipoImpuesto: code = '', TasaImpuestoAdicional, ...entry }: EcfImpuestoAdicional,
  path: string,
  findings: RuleContext['findings'],
): void {
  const tax = ADDITIONAL_TAX.get(code);
  if (!tax) return;
  const rate = money(TasaImpuestoAdicional);
  if (rate !== undefined && !tax.kind.endsWith('Specific') && rate !== money(tax.rate)) {
    const stated = TasaImpuestoAdicional ?? '';
    const params = { code, stated, expected: tax.rate };
    findings.add('ECF-TOT-15', `${path}/TasaImpuestoAdicional`, params);
  }
  const expected = taxField(tax);
  for (const field of TAX_AMOUNTS) {
    const amount = money(entry[field]) ?? ZERO;
    if (field === expected || amount === ZERO) continue;
    findings.add('ECF-TOT-16', `${path}/${field}`, { code, field, expected });
  }
}

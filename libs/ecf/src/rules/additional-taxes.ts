import { ADDITIONAL_TAX, type AdditionalTax } from '../catalogue/codes.js';
import { money, ONE, over, percentOf, times, ZERO, type Money } from '../money.js';
import type { Draft, EcfItem } from '../model/index.js';
import type { Adjustments } from './global-adjustments.js';
import { withoutItbis, type PriceTerms } from './itbis.js';

/**
 * Additional taxes: propina, CDT, first plate and the selective tax on insurance, telephony,
 * alcohol and cigarettes (Formato e-CF V1.0, pp. 22-26; Informe Técnico v1.0, pp. 21-29).
 * All amounts here are not rounded.
 */
type Item = Draft<EcfItem>;

export type TaxField =
  | 'MontoImpuestoSelectivoConsumoEspecifico'
  | 'MontoImpuestoSelectivoConsumoAdvalorem'
  | 'OtrosImpuestosAdicionales';

const FIELD: Readonly<Record<AdditionalTax['kind'], TaxField>> = {
  other: 'OtrosImpuestosAdicionales',
  alcoholSpecific: 'MontoImpuestoSelectivoConsumoEspecifico',
  cigaretteSpecific: 'MontoImpuestoSelectivoConsumoEspecifico',
  alcoholAdValorem: 'MontoImpuestoSelectivoConsumoAdvalorem',
  cigaretteAdValorem: 'MontoImpuestoSelectivoConsumoAdvalorem',
};

/** Which of the three amounts of a totals entry a code uses. */
export const taxField = (tax: AdditionalTax): TaxField => FIELD[tax.kind];

/** The specific code that goes with an ad-valorem one: 006 with 023, 019 with 036 (+17). */
export const specificCodeOf = (adValorem: string): string =>
  String(Number(adValorem) - 17).padStart(3, '0');

const BULK_UNIT = '18';
const PVP_ITBIS: Money = ONE + (ONE * 18n) / 100n;
const BULK_MARKUP: Money = ONE + (ONE * 30n) / 100n;

export interface ComputedTax {
  readonly tax: AdditionalTax;
  readonly rate: Money;
  amount: Money;
}

export interface TaxContext {
  readonly items: readonly Item[];
  readonly amounts: readonly Money[];
  readonly terms: PriceTerms;
  readonly adjustments: Adjustments;
  /** Net Σ of the lines of each IndicadorFacturacion, before global adjustments. */
  readonly netLines: Readonly<Record<string, Money>>;
  /** Rates stated in the totals, by code; the table's rate otherwise. */
  readonly statedRates: ReadonlyMap<string, Money>;
}

export interface AdditionalTaxes {
  /** By code, in the order in which the lines name them. */
  readonly byCode: ReadonlyMap<string, ComputedTax>;
  /** Selective tax on alcohol and cigarettes by IndicadorFacturacion: part of the ITBIS base. */
  readonly inItbisBase: Readonly<Record<string, Money>>;
}

/** Codes a line carries, known ones only. */
export function taxCodesOf(item: Item): readonly string[] {
  const entries = item.TablaImpuestoAdicional?.ImpuestoAdicional;
  if (!entries) return [];
  return entries
    .map((entry) => entry.TipoImpuesto ?? '')
    .filter((code) => ADDITIONAL_TAX.has(code));
}

export function computeAdditionalTaxes(context: TaxContext): AdditionalTaxes {
  const byCode = new Map<string, ComputedTax>();
  const inItbisBase: Record<string, Money> = {};
  context.items.forEach((item, index) => {
    if (!item.TablaImpuestoAdicional) return;
    for (const code of taxCodesOf(item)) {
      const tax = ADDITIONAL_TAX.get(code);
      if (!tax) continue;
      let entry = byCode.get(code);
      if (!entry) byCode.set(code, (entry = { tax, rate: rateOf(code, context), amount: ZERO }));
      const line = { item, amount: context.amounts[index] ?? ZERO };
      const amount = LINE_TAX[tax.kind](line, entry, context);
      entry.amount += amount;
      if (tax.kind !== 'other') {
        const indicator = item.IndicadorFacturacion ?? '';
        inItbisBase[indicator] = (inItbisBase[indicator] ?? ZERO) + amount;
      }
    }
  });
  return { byCode, inItbisBase };
}

function rateOf(code: string, context: TaxContext): Money {
  return context.statedRates.get(code) ?? money(ADDITIONAL_TAX.get(code)?.rate) ?? ZERO;
}

interface Line {
  readonly item: Item;
  readonly amount: Money;
}

type LineTax = (line: Line, entry: ComputedTax, context: TaxContext) => Money;

const LINE_TAX: Readonly<Record<AdditionalTax['kind'], LineTax>> = {
  other: percentageTax,
  alcoholSpecific: ({ item }, { rate }) => alcoholSpecific(item, rate),
  cigaretteSpecific: ({ item }, { rate }) => times(packs(item), rate),
  alcoholAdValorem: ({ item }, { rate, tax }, context) =>
    alcoholAdValorem(item, rate, rateOf(specificCodeOf(tax.code), context)),
  cigaretteAdValorem: ({ item }, { rate, tax }, context) =>
    adValorem(item, rate, rateOf(specificCodeOf(tax.code), context)),
};

/** Global discounts reduce the base of 001-004, surcharges raise that of 001, 002 and 004. */
const DISCOUNTED = new Set(['001', '002', '003', '004']);
const SURCHARGED = new Set(['001', '002', '004']);

/** 001-005: a percentage of the net line and its share of the global adjustments. */
function percentageTax({ item, amount }: Line, { rate, tax }: ComputedTax, context: TaxContext) {
  const indicator = item.IndicadorFacturacion ?? '';
  const { discounts, surcharges } = context.adjustments;
  const net = tax.code === '005' ? amount : withoutItbis(amount, indicator, context.terms);
  const lines = context.netLines[indicator] ?? ZERO;
  const netShare = withoutItbis(amount, indicator, context.terms);
  const share = (total: Money | undefined): Money =>
    total === undefined ? ZERO : over(times(netShare, total), lines);
  let base = net;
  if (DISCOUNTED.has(tax.code)) base -= share(discounts[indicator]);
  if (SURCHARGED.has(tax.code)) base += share(surcharges[indicator]);
  return percentOf(base, rate);
}

const value = (text: string | undefined): Money => money(text) ?? ZERO;

/** Packs or bottles sold: CantidadItem × CantidadReferencia. */
const packs = (item: Item): Money =>
  times(value(item.CantidadItem), value(item.CantidadReferencia));

/** Litres in one bottle: Σ Subcantidad. */
function litres(item: Item): Money {
  const entries = item.TablaSubcantidad?.SubcantidadItem ?? [];
  return entries.reduce((sum, entry) => sum + value(entry.Subcantidad), ZERO);
}

/** rate × degrees % × references × litres × quantity; nothing in bulk. */
function alcoholSpecific(item: Item, rate: Money): Money {
  if (item.UnidadMedida === BULK_UNIT) return ZERO;
  const pureLitres = percentOf(times(packs(item), litres(item)), value(item.GradosAlcohol));
  return times(pureLitres, rate);
}

/** In bulk price × 1.30 × rate × quantity; else by retail price. */
function alcoholAdValorem(item: Item, rate: Money, specificRate: Money): Money {
  if (item.UnidadMedida === BULK_UNIT) {
    const price = times(value(item.PrecioUnitarioItem), BULK_MARKUP);
    return percentOf(times(price, value(item.CantidadItem)), rate);
  }
  const specificEach = over(alcoholSpecific(item, specificRate), packs(item));
  return adValorem(item, rate, specificEach);
}

/** (retail price / 1.18 − specific tax of one) / (1 + rate) × rate × packs. */
function adValorem(item: Item, rate: Money, specificEach: Money): Money {
  const untaxed = over(value(item.PrecioUnitarioReferencia), PVP_ITBIS) - specificEach;
  const base = over(untaxed, ONE + percentOf(ONE, rate));
  return percentOf(times(base, packs(item)), rate);
}

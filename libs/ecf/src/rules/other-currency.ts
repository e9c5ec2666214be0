import { money, moneyText, over, round, times, type Money } from '../money.js';
import type { Draft, EcfItem, EcfOtraMoneda, EcfTotales } from '../model/index.js';

/**
 * Other currency: amounts are computed in DOP first and divided by TipoCambio (Formato e-CF V1.0,
 * section OtraMoneda). For lines that document says PrecioOtraMoneda × CantidadItem; DGII's own documents
 * divide MontoItem, which is what is written here; both agree because the price keeps 4 decimals.
 */
export type OtherCurrency = Draft<EcfOtraMoneda>;

/** Amount of the block → amount of Totales it is the translation of. */
export const TRANSLATED = [
  ['MontoGravadoTotalOtraMoneda', 'MontoGravadoTotal'],
  ['MontoGravado1OtraMoneda', 'MontoGravadoI1'],
  ['MontoGravado2OtraMoneda', 'MontoGravadoI2'],
  ['MontoGravado3OtraMoneda', 'MontoGravadoI3'],
  ['MontoExentoOtraMoneda', 'MontoExento'],
  ['TotalITBISOtraMoneda', 'TotalITBIS'],
  ['TotalITBIS1OtraMoneda', 'TotalITBIS1'],
  ['TotalITBIS2OtraMoneda', 'TotalITBIS2'],
  ['TotalITBIS3OtraMoneda', 'TotalITBIS3'],
  ['MontoImpuestoAdicionalOtraMoneda', 'MontoImpuestoAdicional'],
  ['MontoTotalOtraMoneda', 'MontoTotal'],
] as const satisfies readonly (readonly [keyof EcfOtraMoneda, keyof EcfTotales])[];

/** Whether the caller has filled in amounts of the block: then it is the caller's whole. */
export const isComposed = (block: OtherCurrency): boolean =>
  TRANSLATED.some(([name]) => block[name] !== undefined);

/** The rate of a block that asks for translation; undefined when there is none. */
export function exchangeRate(block: OtherCurrency | undefined): Money | undefined {
  const rate = money(block?.TipoCambio);
  return rate === undefined || rate <= 0n ? undefined : rate;
}

/** Fills an empty block from the totals in DOP, in place. */
export function completeOtherCurrency(block: OtherCurrency, totals: Draft<EcfTotales>): void {
  const rate = exchangeRate(block);
  if (rate === undefined || isComposed(block)) return;
  const translate = (text: string | undefined): string | undefined => {
    const amount = money(text);
    return amount === undefined ? undefined : moneyText(over(amount, rate));
  };
  for (const [name, dop] of TRANSLATED) {
    const amount = translate(totals[dop]);
    if (amount !== undefined) block[name] = amount;
  }
  const taxes = totals.ImpuestosAdicionales?.ImpuestoAdicional;
  if (!taxes || block.ImpuestosAdicionalesOtraMoneda) return;
  block.ImpuestosAdicionalesOtraMoneda = {
    ImpuestoAdicionalOtraMoneda: taxes.map((tax) =>
      present({
        TipoImpuestoOtraMoneda: tax.TipoImpuesto,
        TasaImpuestoAdicionalOtraMoneda: tax.TasaImpuestoAdicional,
        MontoImpuestoSelectivoConsumoEspecificoOtraMoneda: translate(
          tax.MontoImpuestoSelectivoConsumoEspecifico,
        ),
        MontoImpuestoSelectivoConsumoAdvaloremOtraMoneda: translate(
          tax.MontoImpuestoSelectivoConsumoAdvalorem,
        ),
        OtrosImpuestosAdicionalesOtraMoneda: translate(tax.OtrosImpuestosAdicionales),
      }),
    ),
  };
}

/** The members that have a value. */
function present<T extends object>(tree: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const entries = Object.entries(tree).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}

/** Price in DOP of a line stated in the other currency only, in place. */
export function completeLinePrice(item: Draft<EcfItem>, rate: Money): void {
  const price = money(item.OtraMonedaDetalle?.PrecioOtraMoneda);
  if (item.PrecioUnitarioItem === undefined && price !== undefined) {
    item.PrecioUnitarioItem = moneyText(round(times(price, rate), 4), 4);
  }
}

/** Translation of a line, in place: price with 4 decimals, amounts with 2. */
export function completeLineCurrency(item: Draft<EcfItem>, rate: Money): void {
  const detail = (item.OtraMonedaDetalle ??= {});
  const translate = (text: string | undefined, places: number): string | undefined => {
    const amount = money(text);
    return amount === undefined ? undefined : moneyText(over(amount, rate), places);
  };
  const price = translate(item.PrecioUnitarioItem, 4);
  if (price !== undefined) detail.PrecioOtraMoneda ??= price;
  const discount = translate(item.DescuentoMonto, 2);
  if (discount !== undefined) detail.DescuentoOtraMoneda ??= discount;
  const surcharge = translate(item.RecargoMonto, 2);
  if (surcharge !== undefined) detail.RecargoOtraMoneda ??= surcharge;
  const amount = translate(item.MontoItem, 2);
  if (amount !== undefined) detail.MontoItemOtraMoneda ??= amount;
}

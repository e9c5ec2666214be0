import { money, moneyText, percentOf, round, times, ZERO, type Money } from '../money.js';
import type { Draft, EcfItem } from '../model/index.js';

type Item = Draft<EcfItem>;

/** Price × quantity of a line, not rounded; undefined while either is missing. */
export function grossOf(item: Item): Money | undefined {
  const price = money(item.PrecioUnitarioItem);
  const quantity = money(item.CantidadItem);
  return price === undefined || quantity === undefined ? undefined : times(price, quantity);
}

/**
 * MontoItem = PrecioUnitarioItem × CantidadItem − DescuentoMonto + RecargoMonto, rounded per line
 * (Formato e-CF V1.0, pp. 36-45); undefined while price or quantity is missing.
 */
export function lineAmount(item: Item): Money | undefined {
  const gross = grossOf(item);
  if (gross === undefined) return undefined;
  const discount = money(item.DescuentoMonto) ?? ZERO;
  const surcharge = money(item.RecargoMonto) ?? ZERO;
  return round(gross - discount + surcharge);
}

/**
 * Amount of a sub-discount or sub-surcharge: what is stated, or the percentage of price × quantity
 * (Formato e-CF V1.0, pp. 36-45).
 */
export function subAmount(
  item: Item,
  kind: string | undefined,
  percentage: string | undefined,
): Money | undefined {
  const percent = money(percentage);
  const gross = grossOf(item);
  if (kind !== '%' || percent === undefined || gross === undefined) return undefined;
  return round(percentOf(gross, percent));
}

/** Fills the amounts of a line that follow from others. The line is changed in place. */
export function completeLine(item: Item): void {
  const discounts = item.TablaSubDescuento?.SubDescuento;
  if (discounts) {
    let sum = ZERO;
    for (const sub of discounts) {
      const amount = subAmount(item, sub.TipoSubDescuento, sub.SubDescuentoPorcentaje);
      if (amount !== undefined) sub.MontoSubDescuento ??= moneyText(amount);
      sum += money(sub.MontoSubDescuento) ?? ZERO;
    }
    item.DescuentoMonto ??= moneyText(sum);
  }
  const surcharges = item.TablaSubRecargo?.SubRecargo;
  if (surcharges) {
    let sum = ZERO;
    for (const sub of surcharges) {
      const amount = subAmount(item, sub.TipoSubRecargo, sub.SubRecargoPorcentaje);
      if (amount !== undefined) sub.MontoSubRecargo ??= moneyText(amount);
      sum += money(sub.MontoSubRecargo) ?? ZERO;
    }
    item.RecargoMonto ??= moneyText(sum);
  }
  if (item.MontoItem === undefined) {
    const amount = lineAmount(item);
    if (amount !== undefined) item.MontoItem = moneyText(amount);
  }
}

import { namesIn } from '../catalogue/fields.js';
import type { TipoEcf } from '../catalogue/formats.js';
import { money, moneyText, ONE, over, times, ZERO, type Money } from '../money.js';
import type { Draft, EcfDocument, EcfPagina, EcfTotales } from '../model/index.js';
import { adjustmentAmount, type Adjustment } from './global-adjustments.js';
import { computeTotals, itemsOf } from './totals.js';

/**
 * Page subtotals: each page sums its lines, with their share of the global adjustments; what
 * rounding leaves falls on the last one, so that the pages add up to the totals (Formato e-CF V1.0,
 * p. 26).
 */
const SUBTOTALS = [
  ['SubtotalMontoGravadoPagina', 'MontoGravadoTotal'],
  ['SubtotalMontoGravado1Pagina', 'MontoGravadoI1'],
  ['SubtotalMontoGravado2Pagina', 'MontoGravadoI2'],
  ['SubtotalMontoGravado3Pagina', 'MontoGravadoI3'],
  ['SubtotalExentoPagina', 'MontoExento'],
  ['SubtotalItbisPagina', 'TotalITBIS'],
  ['SubtotalItbis1Pagina', 'TotalITBIS1'],
  ['SubtotalItbis2Pagina', 'TotalITBIS2'],
  ['SubtotalItbis3Pagina', 'TotalITBIS3'],
  ['SubtotalImpuestoAdicionalPagina', 'MontoImpuestoAdicional'],
  ['MontoSubtotalPagina', 'MontoTotal'],
  ['SubtotalMontoNoFacturablePagina', 'MontoNoFacturable'],
] as const satisfies readonly (readonly [keyof EcfPagina, keyof EcfTotales])[];

type Subtotal = (typeof SUBTOTALS)[number][0];
type Amounts = Partial<Record<Subtotal, Money>>;

/** Fills what pages with stated line ranges lack, in place; the totals must be complete. */
export function completePages(document: Draft<EcfDocument>, tipo: TipoEcf): void {
  const pages = document.Paginacion?.Pagina ?? [];
  const stated = document.Encabezado?.Totales;
  if (!stated || pages.some((page) => page.MontoSubtotalPagina !== undefined)) return;
  const names = namesIn(tipo, 'Paginacion/Pagina');
  const shareOf = adjustmentShares(document);
  const spent: Amounts = {};
  let next = 1;
  pages.forEach((page, index) => {
    page.PaginaNo ??= String(index + 1);
    const last = index === pages.length - 1;
    // Pages that overlap are refused; summing them up would take a look at every line for each.
    const follows = Number(page.NoLineaDesde) === next;
    next = Number(page.NoLineaHasta) + 1;
    if (!last && !follows) return;
    const own = last ? undefined : amountsOf(document, page, shareOf);
    for (const [name, total] of SUBTOTALS) {
      const whole = money(stated[total]);
      if (whole === undefined || !names.has(name)) continue;
      const amount = own ? (own[name] ?? ZERO) : restOf(whole, spent[name] ?? ZERO);
      if (amount === ZERO && OMIT_ZERO.has(name)) continue;
      page[name] ??= moneyText(amount);
      spent[name] = (spent[name] ?? ZERO) + (money(page[name]) ?? ZERO);
    }
  });
}

/** What is left for the last page; cents that the others took too many are nobody's debt. */
function restOf(whole: Money, spent: Money): Money {
  const rest = whole - spent;
  return rest < ZERO && rest > -ONE ? ZERO : rest;
}

/** The schema takes these above zero only. */
const OMIT_ZERO: ReadonlySet<Subtotal> = new Set(['SubtotalImpuestoAdicionalPagina']);

type Share = (row: Adjustment, pageLines: Readonly<Record<string, Money>>) => Adjustment;

/** How a page takes part in the adjustments of the document: as its lines do in their sum. */
function adjustmentShares(document: Draft<EcfDocument>): Share | undefined {
  if (!document.DescuentosORecargos?.DescuentoORecargo) return undefined;
  const { netLines } = computeTotals(document);
  return (row, pageLines) => {
    const indicator = row.IndicadorFacturacionDescuentooRecargo ?? '';
    const lines = netLines[indicator] ?? ZERO;
    const amount = times(adjustmentAmount(row, lines), pageLines[indicator] ?? ZERO);
    return { ...row, MontoDescuentooRecargo: moneyText(over(amount, lines), EXACT) };
  };
}

/** Decimals of a share: as many as `money` reads, so that only the subtotals are rounded. */
const EXACT = 8;

function amountsOf(
  document: Draft<EcfDocument>,
  page: Draft<EcfPagina>,
  shareOf: Share | undefined,
): Amounts {
  const from = Number(page.NoLineaDesde);
  const to = Number(page.NoLineaHasta);
  const Item = itemsOf(document).slice(from - 1, to);
  const part: Draft<EcfDocument> = { ...document, DetallesItems: { Item: [...Item] } };
  const rows = document.DescuentosORecargos?.DescuentoORecargo;
  if (rows && shareOf) {
    const { netLines } = computeTotals(part);
    const shares = rows.map((row) => shareOf(row, netLines));
    part.DescuentosORecargos = { DescuentoORecargo: shares };
  }
  const totals = computeTotals(part);
  const { taxed } = totals;
  const amounts: { -readonly [Name in Subtotal]: Money | undefined } = {
    SubtotalMontoGravadoPagina: totals.taxedTotal,
    SubtotalMontoGravado1Pagina: taxed['1']?.amount,
    SubtotalMontoGravado2Pagina: taxed['2']?.amount,
    SubtotalMontoGravado3Pagina: taxed['3']?.amount,
    SubtotalExentoPagina: totals.exempt,
    SubtotalItbisPagina: totals.itbisTotal,
    SubtotalItbis1Pagina: taxed['1']?.itbis,
    SubtotalItbis2Pagina: taxed['2']?.itbis,
    SubtotalItbis3Pagina: taxed['3']?.itbis,
    SubtotalImpuestoAdicionalPagina: totals.taxesTotal,
    MontoSubtotalPagina: totals.total,
    SubtotalMontoNoFacturablePagina: totals.notBillable,
  };
  const found: Amounts = {};
  for (const [name] of SUBTOTALS) {
    const amount = amounts[name];
    if (amount !== undefined) found[name] = amount;
  }
  return found;
}

import { namesIn } from '../catalogue/fields.js';
import type { TipoEcf } from '../catalogue/formats.js';
import { money, moneyText, ZERO, type Money } from '../money.js';
import type { Draft, EcfDocument, EcfPagina, EcfTotales } from '../model/index.js';
import { computeTotals } from './totals.js';

/**
 * Page subtotals: each page sums its lines; global adjustments and rounding fall on the last one,
 * so that the pages add up to the totals (Formato e-CF V1.0, p. 26).
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
  const spent: Amounts = {};
  pages.forEach((page, index) => {
    page.PaginaNo ??= String(index + 1);
    const own = index < pages.length - 1 ? amountsOf(document, page) : undefined;
    for (const [name, total] of SUBTOTALS) {
      const rest = money(stated[total]);
      if (rest === undefined || !names.has(name)) continue;
      const amount = own ? (own[name] ?? ZERO) : rest - (spent[name] ?? ZERO);
      if (amount === ZERO && OMIT_ZERO.has(name)) continue;
      page[name] ??= moneyText(amount);
      spent[name] = (spent[name] ?? ZERO) + (money(page[name]) ?? ZERO);
    }
  });
}

/** The schema takes these above zero only. */
const OMIT_ZERO: ReadonlySet<Subtotal> = new Set(['SubtotalImpuestoAdicionalPagina']);

function amountsOf(document: Draft<EcfDocument>, page: Draft<EcfPagina>): Amounts {
  const from = Number(page.NoLineaDesde);
  const to = Number(page.NoLineaHasta);
  const Item = (document.DetallesItems?.Item ?? []).slice(from - 1, to);
  const part: Draft<EcfDocument> = { ...document, DetallesItems: { Item } };
  delete part.DescuentosORecargos;
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

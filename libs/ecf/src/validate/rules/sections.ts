import { abs, CENT, money, moneyText, ONE, over, ZERO } from '../../money.js';
import { lineAmount } from '../../rules/lines.js';
import { exchangeRate, TRANSLATED } from '../../rules/other-currency.js';
import type { EcfPagina, EcfTotales } from '../../model/index.js';
import { itemPath, type Rule, type RuleContext } from '../context.js';

/** Subtotals of pages that add up to a total. */
const PAGE_SUMS = [
  ['SubtotalMontoGravadoPagina', 'MontoGravadoTotal'],
  ['SubtotalExentoPagina', 'MontoExento'],
  ['SubtotalItbisPagina', 'TotalITBIS'],
  ['SubtotalImpuestoAdicionalPagina', 'MontoImpuestoAdicional'],
  ['SubtotalMontoNoFacturablePagina', 'MontoNoFacturable'],
] as const satisfies readonly (readonly [keyof EcfPagina, keyof EcfTotales])[];

/** Pages: one after the other, lines without gaps, amounts that add up (FE, p. 26). */
export const checkPages: Rule = ({ document, header, items, tolerance, findings }) => {
  const pages = document.Paginacion?.Pagina;
  const stated = header.IdDoc.TotalPaginas;
  const count = pages?.length ?? 1;
  if (stated !== undefined && Number(stated) !== count) {
    findings.add('ECF-PAG-01', '/Encabezado/IdDoc/TotalPaginas', { stated, count });
  }
  if (!pages) return;
  if (stated === undefined && count > 1) {
    findings.add('ECF-PAG-04', '/Encabezado/IdDoc/TotalPaginas', { count });
  }
  let line = 1;
  let sum = ZERO;
  pages.forEach((page, index) => {
    const { PaginaNo, NoLineaDesde, NoLineaHasta } = page;
    sum += money(page.MontoSubtotalPagina) ?? ZERO;
    const inOrder = Number(PaginaNo) === index + 1 && Number(NoLineaDesde) === line;
    line = Number(NoLineaHasta) + 1;
    if (!inOrder) findings.add('ECF-PAG-02', `/Paginacion/Pagina/${index}`);
  });
  if (line !== items.length + 1) findings.add('ECF-PAG-02', '/Paginacion');
  const total = money(header.Totales.MontoTotal) ?? ZERO;
  if (abs(total - sum) > tolerance) {
    findings.add('ECF-PAG-03', '/Paginacion', { sum: moneyText(sum), total: moneyText(total) });
  }
};

/** The other subtotals of pages, where they are stated. */
export const checkPageSubtotals: Rule = ({ document, header, tolerance, findings }) => {
  const pages = document.Paginacion?.Pagina;
  if (!pages) return;
  for (const [field, name] of PAGE_SUMS) {
    if (pages.every((page) => page[field] === undefined)) continue;
    const sum = pages.reduce((added, page) => added + (money(page[field]) ?? ZERO), ZERO);
    const total = money(header.Totales[name]) ?? ZERO;
    if (abs(total - sum) <= tolerance) continue;
    const last = `/Paginacion/Pagina/${pages.length - 1}/${field}`;
    findings.add('ECF-PAG-05', last, { field, sum: moneyText(sum), total: moneyText(total) });
  }
};

/** Currency and rate come together, and the total is the DOP total translated (FE, section OtraMoneda). */
export const checkOtherCurrency: Rule = ({ header, tolerance, findings }) => {
  const block = header.OtraMoneda;
  if (!block) return;
  const path = '/Encabezado/OtraMoneda';
  for (const field of ['TipoMoneda', 'TipoCambio'] as const) {
    if (block[field] === undefined) findings.add('ECF-OTM-01', `${path}/${field}`, { field });
  }
  const rate = exchangeRate(block);
  if (rate === undefined) return;
  for (const [field, dop] of TRANSLATED) {
    const stated = money(block[field]);
    const total = money(header.Totales[dop]);
    if (stated === undefined || total === undefined) continue;
    const computed = over(total, rate);
    if (abs(stated - computed) <= tolerance) continue;
    const params = { field, dop, stated: block[field] ?? '', computed: moneyText(computed) };
    findings.add('ECF-OTM-02', `${path}/${field}`, params);
  }
};

/**
 * Lines in the other currency. Formato e-CF V1.0, p. 44, multiplies price and quantity; DGII's own
 * documents with a rate divide MontoItem by it, those without one follow the page: both are right.
 */
export const checkLineCurrency: Rule = ({ header, items, findings }: RuleContext) => {
  const rate = exchangeRate(header.OtraMoneda);
  items.forEach((item, index) => {
    const detail = item.OtraMonedaDetalle;
    const stated = money(detail?.MontoItemOtraMoneda);
    if (!detail || stated === undefined) return;
    const multiplied = lineAmount({
      CantidadItem: item.CantidadItem,
      ...(detail.PrecioOtraMoneda && { PrecioUnitarioItem: detail.PrecioOtraMoneda }),
      ...(detail.DescuentoOtraMoneda && { DescuentoMonto: detail.DescuentoOtraMoneda }),
      ...(detail.RecargoOtraMoneda && { RecargoMonto: detail.RecargoOtraMoneda }),
    });
    const divided = rate === undefined ? undefined : over(money(item.MontoItem) ?? ZERO, rate);
    const right = [divided, multiplied].filter((amount) => amount !== undefined);
    const [computed] = right;
    if (computed === undefined || right.some((amount) => abs(stated - amount) <= ONE)) return;
    findings.add('ECF-OTM-03', itemPath(index, 'OtraMonedaDetalle/MontoItemOtraMoneda'), {
      line: index + 1,
      stated: detail.MontoItemOtraMoneda ?? '',
      computed: moneyText(computed),
    });
  });
};

/** TotalCif = TotalFob + Seguro + Flete + OtrosGastos (Formato e-CF V1.0, p. 17). */
export const checkExport: Rule = ({ header, findings }) => {
  const info = header.InformacionesAdicionales;
  const stated = money(info?.TotalCif);
  if (!info || stated === undefined) return;
  const parts = [info.TotalFob, info.Seguro, info.Flete, info.OtrosGastos];
  const computed = parts.reduce((sum, part) => sum + (money(part) ?? ZERO), ZERO);
  if (abs(stated - computed) <= CENT * 4n) return;
  findings.add('ECF-EXP-01', '/Encabezado/InformacionesAdicionales/TotalCif', {
    stated: info.TotalCif ?? '',
    computed: moneyText(computed),
  });
};

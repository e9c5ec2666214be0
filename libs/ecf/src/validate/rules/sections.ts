import { abs, CENT, money, moneyText, ZERO } from '../../money.js';
import { exchangeRate } from '../../rules/other-currency.js';
import { over } from '../../money.js';
import type { Rule } from '../context.js';

/** Pages: one after the other, lines without gaps, amounts that add up (FE, p. 26). */
export const checkPages: Rule = ({ document, header, items, tolerance, findings }) => {
  const pages = document.Paginacion?.Pagina;
  const stated = header.IdDoc.TotalPaginas;
  const count = pages?.length ?? 1;
  if (stated !== undefined && Number(stated) !== count) {
    findings.add('ECF-PAG-01', '/Encabezado/IdDoc/TotalPaginas', { stated, count });
  }
  if (!pages) return;
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

/** Currency and rate come together, and the total is the DOP total translated (FE, section OtraMoneda). */
export const checkOtherCurrency: Rule = ({ header, tolerance, findings }) => {
  const block = header.OtraMoneda;
  if (!block) return;
  const path = '/Encabezado/OtraMoneda';
  for (const field of ['TipoMoneda', 'TipoCambio'] as const) {
    if (block[field] === undefined) findings.add('ECF-OTM-01', `${path}/${field}`, { field });
  }
  const rate = exchangeRate(block);
  const stated = money(block.MontoTotalOtraMoneda);
  const total = money(header.Totales.MontoTotal);
  if (rate === undefined || stated === undefined || total === undefined) return;
  const computed = over(total, rate);
  if (abs(stated - computed) <= tolerance) return;
  findings.add('ECF-OTM-02', `${path}/MontoTotalOtraMoneda`, {
    stated: block.MontoTotalOtraMoneda ?? '',
    computed: moneyText(computed),
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

import { abs, money, moneyText, percentOf, round, ZERO } from '../../money.js';
import { isOverDiscounted } from '../../rules/global-adjustments.js';
import type { EcfDescuentoORecargo } from '../../model/index.js';
import type { Rule, RuleContext } from '../context.js';

const ROWS = '/DescuentosORecargos/DescuentoORecargo';

/** Global discounts and surcharges (Formato e-CF V1.0, pp. 49-50). */
export const checkAdjustments: Rule = (context) => {
  const rows = context.document.DescuentosORecargos?.DescuentoORecargo;
  if (!rows) return;
  rows.forEach((row, index) => {
    checkParts(row, `${ROWS}/${index}`, context);
    checkRow(row, index, context);
    checkPercentage(row, `${ROWS}/${index}`, context);
  });
  if (isOverDiscounted(context.totals)) context.findings.add('ECF-DRG-03', '/DescuentosORecargos');
};

/** What a row says of itself: which kind, how much, of which lines. */
function checkParts(row: EcfDescuentoORecargo, path: string, { findings }: RuleContext): void {
  const needed = [
    'TipoValor',
    'MontoDescuentooRecargo',
    'IndicadorFacturacionDescuentooRecargo',
    ...(row.TipoValor === '%' ? (['ValorDescuentooRecargo'] as const) : []),
  ] as const;
  for (const field of needed) {
    if (row[field] === undefined) findings.add('ECF-DRG-01', `${path}/${field}`, { field });
  }
}

function checkRow(row: EcfDescuentoORecargo, index: number, context: RuleContext): void {
  const { header, totals, findings } = context;
  const path = `${ROWS}/${index}`;
  if (Number(row.NumeroLinea) !== index + 1) {
    findings.add('ECF-DRG-07', `${path}/NumeroLinea`, { expected: index + 1 });
  }
  const norma1007 = row.IndicadorNorma1007 === '1';
  if (norma1007 && header.IdDoc.IndicadorMontoGravado !== '1') {
    findings.add('ECF-DRG-02', `${path}/IndicadorNorma1007`);
  }
  if (norma1007 && row.TipoAjuste === 'R') {
    findings.add('ECF-DRG-08', `${path}/IndicadorNorma1007`);
  }
  if (row.TipoValor === '$' && totals.taxes.length > 0 && !norma1007) {
    findings.add('ECF-DRG-04', `${path}/TipoValor`);
  }
  const indicator = row.IndicadorFacturacionDescuentooRecargo;
  if (indicator !== undefined && !norma1007 && totals.netLines[indicator] === undefined) {
    findings.add('ECF-DRG-06', `${path}/IndicadorFacturacionDescuentooRecargo`, { indicator });
  }
}

/** A percentage and its amount; the base is net and of the row's own lines. */
function checkPercentage(row: EcfDescuentoORecargo, path: string, context: RuleContext): void {
  const percentage = money(row.ValorDescuentooRecargo);
  const stated = money(row.MontoDescuentooRecargo);
  if (row.TipoValor !== '%' || percentage === undefined || stated === undefined) return;
  const { netLines } = context.totals;
  const lines = netLines[row.IndicadorFacturacionDescuentooRecargo ?? ''] ?? ZERO;
  const computed = round(percentOf(lines, percentage));
  if (abs(stated - computed) <= context.tolerance) return;
  context.findings.add('ECF-DRG-05', `${path}/MontoDescuentooRecargo`, {
    stated: row.MontoDescuentooRecargo ?? '',
    percentage: row.ValorDescuentooRecargo ?? '',
    computed: moneyText(computed),
  });
}

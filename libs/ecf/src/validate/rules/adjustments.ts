import { isOverDiscounted } from '../../rules/global-adjustments.js';
import type { Rule } from '../context.js';

const ROWS = '/DescuentosORecargos/DescuentoORecargo';

/** Global discounts and surcharges (Formato e-CF V1.0, pp. 49-50). */
export const checkAdjustments: Rule = ({ document, header, totals, findings }) => {
  const rows = document.DescuentosORecargos?.DescuentoORecargo;
  if (!rows) return;
  const missing = (index: number, field: string): void =>
    findings.add('ECF-DRG-01', `${ROWS}/${index}/${field}`, { field });
  rows.forEach((row, index) => {
    if (row.TipoValor === undefined) missing(index, 'TipoValor');
    if (row.MontoDescuentooRecargo === undefined) missing(index, 'MontoDescuentooRecargo');
    if (row.TipoValor === '%' && row.ValorDescuentooRecargo === undefined) {
      missing(index, 'ValorDescuentooRecargo');
    }
    if (row.IndicadorFacturacionDescuentooRecargo === undefined) {
      missing(index, 'IndicadorFacturacionDescuentooRecargo');
    }
    const norma1007 = row.IndicadorNorma1007 === '1';
    if (norma1007 && header.IdDoc.IndicadorMontoGravado !== '1') {
      findings.add('ECF-DRG-02', `${ROWS}/${index}/IndicadorNorma1007`);
    }
    if (row.TipoValor === '$' && totals.taxes.length > 0 && !norma1007) {
      findings.add('ECF-DRG-04', `${ROWS}/${index}/TipoValor`);
    }
  });
  if (isOverDiscounted(totals)) findings.add('ECF-DRG-03', '/DescuentosORecargos');
};

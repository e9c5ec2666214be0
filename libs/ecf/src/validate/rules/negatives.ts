import type { Findings } from '../../findings/finding.js';
import type { Draft, EcfDocument } from '../../model/index.js';
import { money, moneyText, ZERO } from '../../money.js';
import { isOverDiscounted } from '../../rules/global-adjustments.js';
import { grossOf } from '../../rules/lines.js';
import { computeTotals, itemsOf } from '../../rules/totals.js';
import { itemPath } from '../context.js';

/**
 * Why an amount came out negative though nothing negative was stated: discounts above what they
 * discount. Looked at where the format is broken, since no amount of an e-CF may be negative.
 */
export function explainNegatives(document: Draft<EcfDocument>, findings: Findings): void {
  let negative = false;
  itemsOf(document).forEach((item, index) => {
    const gross = grossOf(item);
    const discount = money(item.DescuentoMonto) ?? ZERO;
    const surcharge = money(item.RecargoMonto) ?? ZERO;
    if (gross === undefined || gross - discount + surcharge >= ZERO) return;
    negative = true;
    if (gross < ZERO || discount <= ZERO) return;
    findings.add('ECF-LIN-14', itemPath(index, 'DescuentoMonto'), {
      line: index + 1,
      discount: moneyText(discount),
      gross: moneyText(gross),
    });
  });
  const rows = document.DescuentosORecargos?.DescuentoORecargo;
  if (!negative && rows && isOverDiscounted(computeTotals(document))) {
    findings.add('ECF-DRG-03', '/DescuentosORecargos');
  }
}

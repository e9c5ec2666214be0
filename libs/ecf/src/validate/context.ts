import type { TipoEcf } from '../catalogue/formats.js';
import type { Findings } from '../findings/finding.js';
import type { EcfDocument, EcfEncabezado, EcfItem } from '../model/index.js';
import { whole, type Money } from '../money.js';
import { itemsOf, type Totals } from '../rules/totals.js';

/** What the cross-field rules look at. The document has passed the format's check. */
export interface RuleContext {
  readonly tipo: TipoEcf;
  readonly document: EcfDocument;
  readonly header: EcfEncabezado;
  readonly items: readonly EcfItem[];
  /** Computed from the lines as they stand. */
  readonly totals: Totals;
  /** DGII's tolerance for a total: one peso per line (Informe Técnico v1.0, p. 20). */
  readonly tolerance: Money;
  readonly findings: Findings;
}

export function ruleContext(
  tipo: TipoEcf,
  document: EcfDocument,
  totals: Totals,
  findings: Findings,
): RuleContext {
  const items = itemsOf(document) as readonly EcfItem[];
  const tolerance = whole(items.length);
  return { tipo, document, header: document.Encabezado, items, totals, tolerance, findings };
}

/** A rule looks and reports; it changes nothing. */
export type Rule = (context: RuleContext) => void;

export const itemPath = (index: number, name = ''): string =>
  `/DetallesItems/Item/${index}${name && `/${name}`}`;

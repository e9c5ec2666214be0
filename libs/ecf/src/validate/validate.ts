import { isTipoEcf } from '../catalogue/formats.js';
import { Findings, hasErrors, type Finding } from '../findings/finding.js';
import type { EcfDocument } from '../model/index.js';
import { computeTotals } from '../rules/totals.js';
import { ruleContext, type Rule } from './context.js';
import { checkFormat } from './format.js';
import { checkAdjustments } from './rules/adjustments.js';
import {
  checkDates,
  checkNumber,
  checkPayment,
  checkTaxIndicator,
} from './rules/identification.js';
import { checkLineAmounts, checkLines, checkSubTables, checkTaxLines } from './rules/lines.js';
import { checkNote, checkReference } from './rules/notes.js';
import { checkBuyer, checkDigits } from './rules/parties.js';
import { checkExport, checkOtherCurrency, checkPages } from './rules/sections.js';
import { checkDerivedTotals, checkTaxTotals, checkTotals } from './rules/totals.js';

/** The cross-field rules, in the order in which a reader meets the fields. */
const RULES: readonly Rule[] = [
  checkNumber,
  checkPayment,
  checkDates,
  checkTaxIndicator,
  checkDigits,
  checkBuyer,
  checkTotals,
  checkTaxTotals,
  checkDerivedTotals,
  checkOtherCurrency,
  checkExport,
  checkLines,
  checkLineAmounts,
  checkSubTables,
  checkTaxLines,
  checkAdjustments,
  checkPages,
  checkReference,
  checkNote,
];

/**
 * Everything to be said of a complete e-CF: first its format (elements, limits, codes), then, if
 * that holds, the rules between fields. Errors refuse the document; warnings and infos do not.
 */
export function validate(document: EcfDocument): readonly Finding[] {
  const findings = new Findings();
  const tipo: unknown = document.Encabezado?.IdDoc?.TipoeCF;
  if (!isTipoEcf(tipo)) {
    const value = typeof tipo === 'string' ? tipo.slice(0, 20) : '';
    findings.add('ECF-FMT-16', '/Encabezado/IdDoc/TipoeCF', { value });
    return findings.list;
  }
  checkFormat(tipo, document, findings);
  if (hasErrors(findings.list)) return findings.list;
  const context = ruleContext(tipo, document, computeTotals(document), findings);
  for (const rule of RULES) rule(context);
  return findings.list;
}

import { isTipoEcf, type Format } from '../catalogue/formats.js';
import { withoutConsequences } from '../findings/consequences.js';
import { Findings, hasErrors, MAX_FINDINGS, type Finding } from '../findings/finding.js';
import type { FindingCode } from '../findings/findings.data.js';
import type { EcfDocument } from '../model/index.js';
import { isTree } from '../model/tree.js';
import { computeTotals } from '../rules/totals.js';
import { ruleContext, type Rule } from './context.js';
import { checkFormat } from './format.js';
import { checkAdjustments } from './rules/adjustments.js';
import {
  checkDates,
  checkNumber,
  checkPayment,
  checkPaymentSum,
  checkTaxIndicator,
} from './rules/identification.js';
import { checkLineAmounts, checkLines, checkSubTables, checkTaxLines } from './rules/lines.js';
import { explainNegatives } from './rules/negatives.js';
import { checkNote, checkReference } from './rules/notes.js';
import { checkOther } from './rules/others.js';
import { checkBuyer, checkDigits, checkPlaces } from './rules/parties.js';
import {
  checkExport,
  checkLineCurrency,
  checkOtherCurrency,
  checkPages,
  checkPageSubtotals,
} from './rules/sections.js';
import { checkDerivedTotals, checkRates, checkTaxTotals, checkTotals } from './rules/totals.js';

/** The cross-field rules, in the order in which a reader meets the fields. */
const RULES: readonly Rule[] = [
  checkNumber,
  checkPayment,
  checkPaymentSum,
  checkDates,
  checkTaxIndicator,
  checkDigits,
  checkPlaces,
  checkBuyer,
  checkTotals,
  checkTaxTotals,
  checkDerivedTotals,
  checkRates,
  checkOtherCurrency,
  checkExport,
  checkLines,
  checkLineAmounts,
  checkSubTables,
  checkTaxLines,
  checkLineCurrency,
  checkAdjustments,
  checkPages,
  checkPageSubtotals,
  checkReference,
  checkNote,
];

/** Twice what is told, because what merely follows from other findings is dropped. */
const COLLECTED = 2 * MAX_FINDINGS;

/**
 * Everything to be said of a complete e-CF: first its format (elements, limits, codes), then, if
 * that holds, the rules between fields. Errors refuse the document; warnings and infos do not.
 * Findings that merely follow from others are left out (findings/consequences.ts).
 */
export function validate(document: EcfDocument): readonly Finding[] {
  const findings = new Findings(COLLECTED);
  const tipo: unknown = document.Encabezado?.IdDoc?.TipoeCF;
  if (!isTipoEcf(tipo)) {
    const value = typeof tipo === 'string' ? tipo.slice(0, 20) : '';
    findings.add('ECF-FMT-16', '/Encabezado/IdDoc/TipoeCF', { value });
    return findings.list;
  }
  checkFormat(tipo, document, findings);
  if (hasErrors(findings.list)) {
    if (isNegative(findings.list)) explainNegatives(document, findings);
    return told(findings);
  }
  const context = ruleContext(tipo, document, computeTotals(document), findings);
  for (const rule of RULES) rule(context);
  return told(findings);
}

/**
 * As {@link validate}, for a document of any format. What has no shape at all is told as such, so
 * the tree of a reader may be passed as it is.
 */
export function validateAs(format: Format, document: unknown): readonly Finding[] {
  if (isTipoEcf(format) && isTree(document)) return validate(document as unknown as EcfDocument);
  const findings = new Findings();
  checkFormat(format, document, findings);
  if (!hasErrors(findings.list)) checkOther(format, document, findings);
  return findings.list;
}

const told = (findings: Findings): readonly Finding[] =>
  withoutConsequences(findings.list).slice(0, MAX_FINDINGS);

/** Faults of values: the document's structure is in order, and some amount is negative. */
const VALUE_FAULTS: ReadonlySet<FindingCode> = new Set([
  'ECF-FMT-03',
  'ECF-FMT-04',
  'ECF-FMT-08',
  'ECF-FMT-09',
  'ECF-FMT-14',
]);

function isNegative(findings: readonly Finding[]): boolean {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const negative = errors.some(({ code }) => code === 'ECF-FMT-14');
  return negative && errors.every(({ code }) => VALUE_FAULTS.has(code));
}

import { complete, normalize, serialize, validate } from '@getupnet/ecf';
import type { EcfDocument, Finding, IssuerProfile } from '@getupnet/ecf';
import { AppError, isAppError, type Violation } from '@getupnet/kernel';
import { isProblemCode, type FindingResource, type ProblemCode } from '@getupnet/contracts';
import type { StateFinding } from './reference-policy.js';

export interface DraftContext {
  readonly issuer: IssuerProfile;
  readonly now: Date;
}

/** A request completed and judged; `document` is null when it could not even be read as an e-CF. */
export interface DocumentDraft {
  readonly document: EcfDocument | null;
  /** Canonical unsigned XML, with a placeholder where the number goes unless one was stated. */
  readonly xml: string | null;
  readonly statedEncf: string | null;
  /** As stated, `dd-MM-yyyy`. */
  readonly statedExpiry: string | null;
  readonly findings: readonly Finding[];
}

/** Stands for the sequence's expiry until the range that gives the number is known. */
const PLACEHOLDER_EXPIRY = '31-12-2099';

/** normalise → complete → validate → serialise; never throws for what the caller wrote. */
export function draftDocument(tree: unknown, context: DraftContext): DocumentDraft {
  const normalized = normalize(tree);
  if (!normalized.ok) return unreadable(normalized.findings);
  const stated = normalized.document.Encabezado?.IdDoc;
  const tipo = stated?.TipoeCF ?? '';
  const { document, findings } = complete(normalized.document, {
    issuer: context.issuer,
    now: context.now,
    encf: stated?.eNCF ?? `E${tipo}0000000000`,
    fechaVencimientoSecuencia: stated?.FechaVencimientoSecuencia ?? PLACEHOLDER_EXPIRY,
  });
  const judged = [...normalized.findings, ...findings, ...validate(document)];
  const broken = judged.some((finding) => finding.severity === 'error');
  return {
    document,
    xml: broken ? serializeIfPossible(document) : serialize(document),
    statedEncf: stated?.eNCF ?? null,
    statedExpiry: stated?.FechaVencimientoSecuencia ?? null,
    findings: judged,
  };
}

function unreadable(findings: readonly Finding[]): DocumentDraft {
  return { document: null, xml: null, statedEncf: null, statedExpiry: null, findings };
}

/** A dry run shows the XML also of a document with errors, unless it is one that XML cannot carry. */
function serializeIfPossible(document: EcfDocument): string | null {
  try {
    return serialize(document);
  } catch (error) {
    if (isAppError(error, 'internal')) return null;
    throw error;
  }
}

/** From most to least telling: the answer's code is that of the first kind found. */
const PRIORITY: readonly ProblemCode[] = [
  'ecf.schema_invalid',
  'ecf.rnc_invalid',
  'ecf.totals_mismatch',
  'ecf.rule_failed',
];

/** Throws the problem a set of findings amounts to, if any forbids issuing. */
export function refuseOn(findings: readonly (Finding | StateFinding)[]): void {
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length === 0) return;
  const problems = new Set(errors.map(problemOf));
  const code = PRIORITY.find((candidate) => problems.has(candidate)) ?? 'ecf.rule_failed';
  throw new AppError(code, {}, { errors: errors.map(violationOf) });
}

/** What is kept with the document. */
export function keptFinding(finding: Finding | StateFinding): FindingResource {
  const { code, path, severity, message, fix } = finding;
  return { code, path, severity, message, fix };
}

/** What the caller is told. */
export function toldFinding(finding: Finding | StateFinding): FindingResource {
  return { ...keptFinding(finding), ...reasonOf(finding) };
}

/** Why, and where the rule stands; findings about what exists say both in their message. */
function reasonOf({ cause, source }: Finding | StateFinding) {
  return {
    ...(cause === undefined ? {} : { cause }),
    ...(source === undefined ? {} : { source }),
  };
}

function problemOf(finding: Finding | StateFinding): ProblemCode {
  const problem = 'problem' in finding ? finding.problem : undefined;
  return problem !== undefined && isProblemCode(problem) ? problem : 'ecf.rule_failed';
}

function violationOf(finding: Finding | StateFinding): Violation {
  return {
    pointer: `/ECF${finding.path}`,
    code: finding.code,
    message: finding.message,
    fix: finding.fix,
    ...reasonOf(finding),
  };
}

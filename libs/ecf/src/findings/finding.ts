import type { Format } from '../catalogue/formats.js';
import { FINDINGS, type FindingCode } from './findings.data.js';

export type Severity = 'error' | 'warning' | 'info';

/** The problem code an error leads to when a request is refused (contracts' problem catalogue). */
export type FindingProblem =
  'ecf.schema_invalid' | 'ecf.totals_mismatch' | 'ecf.rnc_invalid' | 'ecf.rule_failed';

/** What DGII would do with the document as it is. */
export type DgiiReaction = 'rejects' | 'conditional' | 'accepts' | 'unknown';

/** One thing to say about a document: where, how bad, and what to do. */
export interface Finding {
  /** Stable and unique, for example `ECF-TOT-01`. */
  readonly code: FindingCode;
  /** RFC 6901 JSON pointer below `/ECF`; `''` is the whole document. */
  readonly path: string;
  readonly severity: Severity;
  /** Spanish. */
  readonly message: string;
  /** Spanish: why it usually happens, or the rule that is broken. */
  readonly cause: string;
  /** Spanish: what to do about it. */
  readonly fix: string;
  /** Official document and section the rule comes from. */
  readonly source: string;
  readonly dgii: DgiiReaction;
  /** Whether the e-NCF could be used again after DGII rejected for this; null where unknown. */
  readonly reusesNumber: boolean | null;
  readonly problem?: FindingProblem;
}

/** An entry of the catalogue of findings; `{name}` in the texts is filled from params. */
export interface FindingDefinition {
  readonly severity: Severity;
  readonly problem?: FindingProblem;
  readonly message: string;
  readonly cause: string;
  readonly fix: string;
  readonly source: string;
  readonly dgii: DgiiReaction;
  readonly reusesNumber: boolean | null;
  /** Paths (without positions of lists) at which it is reported; absent: any field. */
  readonly at?: readonly string[];
  /** Formats it is about; absent: every e-CF type that has one of these paths. */
  readonly formats?: readonly Format[];
}

export type FindingParams = Readonly<Record<string, string | number>>;

/** Odd entries are names of params. */
const templates = new Map<string, readonly string[]>();

function fill(text: string, params: FindingParams): string {
  let parts = templates.get(text);
  if (!parts) templates.set(text, (parts = text.split(/\{(\w+)\}/)));
  let filled = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 2) {
    const name = parts[index] ?? '';
    filled += String(params[name] ?? `{${name}}`) + (parts[index + 1] ?? '');
  }
  return filled;
}

/** Builds a finding of the catalogue. */
export function finding(code: FindingCode, path: string, params: FindingParams = {}): Finding {
  const definition: FindingDefinition = FINDINGS[code];
  return {
    code,
    path,
    severity: definition.severity,
    message: fill(definition.message, params),
    cause: definition.cause,
    fix: fill(definition.fix, params),
    source: definition.source,
    dgii: definition.dgii,
    reusesNumber: definition.reusesNumber,
    ...(definition.problem && { problem: definition.problem }),
  };
}

/** A document may be wrong in ten thousand places; nobody reads more than these. */
export const MAX_FINDINGS = 200;

/** Collects findings up to {@link MAX_FINDINGS}, or another limit. */
export class Findings {
  readonly list: Finding[] = [];

  constructor(private readonly limit = MAX_FINDINGS) {}

  add(code: FindingCode, path: string, params?: FindingParams): void {
    if (!this.full) this.list.push(finding(code, path, params));
  }

  get full(): boolean {
    return this.list.length >= this.limit;
  }
}

/** Whether any finding refuses the document. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((one) => one.severity === 'error');
}

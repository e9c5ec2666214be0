/** One protection of the product, how it is taken away, and the tests that must notice. */
export interface Protection {
  /** Short and stable, to be asked for by name. */
  readonly id: string;
  /** The requirement it keeps. */
  readonly rule: string;
  /** What it protects from, in a few words. */
  readonly what: string;
  /** Suites that must turn red without it. */
  readonly tests: readonly string[];
  readonly without: CodeChange | SchemaChange;
}

/** Source text that stands in the file exactly once, and what takes its place. */
export interface CodeChange {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Run by the owner on the migrated database that the suites' databases are clones of. */
export interface SchemaChange {
  readonly sql: string;
}

/** How a run of the tests is told: read by the test framework and the test databases. */
export const MUTANT_VARIABLE = 'GETUPNET_MUTANT';

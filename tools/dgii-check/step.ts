/** How a step ended; the words of the JSON report. */
export const STATES = ['ok', 'warning', 'failed', 'skipped'] as const;
export type State = (typeof STATES)[number];

export type Detail = string | number | boolean | null | readonly string[];
export type Details = Readonly<Record<string, Detail>>;

/** What one step found. */
export interface Finding {
  readonly state: State;
  /** Stable, `area.reason`, for programs and for the runbook. */
  readonly code: string;
  /** Spanish. */
  readonly found: string;
  /** Spanish: how to mend it. */
  readonly fix?: string;
  readonly details?: Details;
  /** What stands on this step makes no sense, although it is no more than a warning. */
  readonly halts?: true;
}

export interface Step {
  readonly id: string;
  /** Spanish, a few words. */
  readonly title: string;
  /** Host the step is about; null when it is about none. */
  readonly target: string | null;
  /** Spanish: why anybody should care. */
  readonly why: string;
  /** Keys of the steps without which this one makes no sense. */
  readonly needs: readonly string[];
  run(): Promise<Finding>;
}

export interface StepResult extends Finding {
  readonly id: string;
  readonly title: string;
  readonly target: string | null;
  readonly why: string;
  readonly durationMs: number;
}

/** Name of a step among the steps of one run. */
export const keyOf = ({ id, target }: Pick<Step, 'id' | 'target'>): string =>
  target === null ? id : `${id}@${target}`;

export const ok = (code: string, found: string, details?: Details): Finding => ({
  state: 'ok',
  code,
  found,
  ...(details ? { details } : {}),
});

/** A finding that asks for something to be done. */
const asking =
  (state: 'warning' | 'failed') =>
  (code: string, found: string, fix: string, details?: Details): Finding => ({
    state,
    code,
    found,
    fix,
    ...(details ? { details } : {}),
  });
export const warning = asking('warning');
export const failed = asking('failed');

export const skipped = (code: string, found: string, fix?: string): Finding => ({
  state: 'skipped',
  code,
  found,
  ...(fix === undefined ? {} : { fix }),
});

/** A fault of something that is not needed for issuing. */
export function mild(finding: Finding): Finding {
  return finding.state === 'failed' ? { ...finding, state: 'warning', halts: true } : finding;
}

const GRAVITY: Readonly<Record<State, number>> = { skipped: 0, ok: 1, warning: 2, failed: 3 };

/** Several findings of one step as one: the gravest leads, the others are told behind it. */
export function together(findings: readonly Finding[]): Finding {
  const ordered = [...findings].sort((a, b) => GRAVITY[b.state] - GRAVITY[a.state]);
  const [first, ...others] = ordered;
  if (!first) throw new RangeError('a step needs a finding');
  const fixes = [...new Set(ordered.flatMap(({ fix }) => fix ?? []))];
  const details = Object.assign({}, ...findings.map((one) => one.details ?? {})) as Details;
  return {
    state: first.state,
    code: first.code,
    found: [first, ...others].map(({ found }) => found).join('; '),
    ...(fixes.length > 0 ? { fix: fixes.join(' ') } : {}),
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
}

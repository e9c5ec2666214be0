import type { Environment } from '@getupnet/contracts';
import { STATES, type State, type Step, type StepResult } from './step.js';

/** What a run was about and how it went. */
export interface Run {
  readonly environment: Environment;
  readonly baseUrl: string | null;
  readonly rnc: string | null;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly results: readonly StepResult[];
}

const VERSION = 1;
const WIDTH = 100;

const WORDS: Readonly<Record<State, string>> = {
  ok: 'correcto',
  warning: 'aviso',
  failed: 'fallo',
  skipped: 'omitido',
};
const PLURALS: Readonly<Record<State, string>> = {
  ok: 'correctos',
  warning: 'avisos',
  failed: 'fallos',
  skipped: 'omitidos',
};
const ENVIRONMENT_NAMES: Readonly<Record<Environment, string>> = {
  testecf: 'precertificación',
  certecf: 'certificación',
  ecf: 'producción',
};

const STATE_WIDTH = Math.max(...Object.values(WORDS).map((word) => word.length));
const DURATION_WIDTH = 9;

const count = ({ results }: Run, state: State): number =>
  results.filter((result) => result.state === state).length;

export const hasFailed = (run: Run): boolean => count(run, 'failed') > 0;

/** For programs; described in docs/runbooks/dgii-connection.md. Fields are added, never changed. */
export function reportJson(run: Run): string {
  const { environment, baseUrl, rnc, startedAt, durationMs, results } = run;
  const verdict = hasFailed(run) ? 'failed' : count(run, 'warning') > 0 ? 'warning' : 'ok';
  const report = {
    report: 'dgii-check',
    version: VERSION,
    environment,
    baseUrl,
    rnc,
    startedAt: startedAt.toISOString(),
    durationMs,
    result: verdict,
    counts: Object.fromEntries(STATES.map((state) => [state, count(run, state)])),
    steps: results.map((result) => ({
      id: result.id,
      target: result.target,
      title: result.title,
      state: result.state,
      code: result.code,
      durationMs: result.durationMs,
      found: result.found,
      why: result.why,
      fix: result.fix ?? null,
      details: result.details ?? {},
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

export function heading({ environment, baseUrl, rnc }: Omit<Run, 'results'>): string {
  const parts = [
    `Conexión con la DGII: ${environment} (${ENVIRONMENT_NAMES[environment]})`,
    ...(rnc === null ? [] : [`RNC ${rnc}`]),
    ...(baseUrl === null ? [] : [`en ${baseUrl}, no en la DGII`]),
  ];
  return `\n${parts.join(' · ')}\n\n`;
}

/** One row per step, as it ends; columns fit all the steps to come. */
export class Table {
  private readonly titleWidth: number;
  private readonly targetWidth: number;

  constructor(steps: readonly Step[]) {
    this.titleWidth = widest(steps.map(({ title }) => title));
    this.targetWidth = widest(steps.map(({ target }) => target ?? ''));
  }

  row(result: StepResult): string {
    const head = [
      WORDS[result.state].padEnd(STATE_WIDTH),
      result.title.padEnd(this.titleWidth),
      (result.target ?? '').padEnd(this.targetWidth),
      `${result.durationMs} ms`.padStart(DURATION_WIDTH),
    ].join('  ');
    return `  ${head}  ${result.found}\n`;
  }
}

const widest = (texts: readonly string[]): number =>
  Math.max(0, ...texts.map(({ length }) => length));

/** What to do about everything that is not as it should be, and the sum. */
export function advice(run: Run): string {
  const told = run.results.filter(({ state, fix }) => state === 'failed' || fix !== undefined);
  const items = alike(told).map((results, index) => itemOf(results, index + 1));
  const list = items.length === 0 ? '' : `\nQué hacer\n\n${items.join('\n\n')}\n`;
  return `${list}\n${summary(run)}\n`;
}

/** The same fault at several hosts is one errand. */
function alike(results: readonly StepResult[]): readonly (readonly StepResult[])[] {
  const groups = new Map<string, StepResult[]>();
  for (const result of results) {
    const known = groups.get(result.code);
    if (known) known.push(result);
    else groups.set(result.code, [result]);
  }
  return [...groups.values()];
}

function itemOf(results: readonly StepResult[], number: number): string {
  const [first] = results;
  if (!first) return '';
  const targets = results.flatMap(({ target }) => target ?? []).join(', ');
  const subject = targets === '' ? first.title : `${first.title} ${targets}`;
  return [
    `  ${number}. ${subject} — ${WORDS[first.state]} (${first.code})`,
    ...wrapped('Hay', distinct(results.map(({ found }) => found)).join('; ')),
    ...(first.state === 'skipped' ? [] : wrapped('Importa', first.why)),
    ...wrapped('Arreglo', distinct(results.map(({ fix }) => fix ?? '')).join(' ')),
  ].join('\n');
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function summary(run: Run): string {
  const parts = (['failed', 'warning', 'ok', 'skipped'] as const).flatMap((state) => {
    const number = count(run, state);
    return number === 0 ? [] : [`${number} ${number === 1 ? WORDS[state] : PLURALS[state]}`];
  });
  return `${parts.join(', ')} en ${(run.durationMs / 1_000).toFixed(1)} s.`;
}

const LABEL_WIDTH = 'Importa'.length;

function wrapped(label: string, text: string): readonly string[] {
  const indent = ' '.repeat(5 + LABEL_WIDTH + 2);
  const lines: string[] = [];
  let line = `     ${label.padEnd(LABEL_WIDTH)} `;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = indent.slice(1);
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

import type { Finding } from './checker/invariant.js';
import type { RunFacts } from './run.js';

export interface Result {
  readonly facts: RunFacts;
  readonly findings: readonly Finding[];
  readonly minutes: number;
}

const SHOWN_OFFENCES = 10;

/** As many documents, the default, have everything in them. */
const WHOLE_RUN = 300;

/** What fewer documents may never come to: it takes a rejection or a loss of a certain kind. */
export const RARE_RULES: ReadonlySet<string> = new Set([
  'of corrections that race for a number exactly one has it',
  'no next generation before DGII said that the number is free',
  'nothing is sent again before DGII said that it does not know it',
]);

/** What keeps a run from counting as passed, in Spanish; nothing when all is well. */
export function shortcomings({ facts, findings }: Result): string[] {
  const { crashPoints, settledAfterMs, unexpectedEnds } = facts;
  return [
    ...findings.flatMap(({ id, rule, offences }) =>
      offences.length === 0 ? [] : [`${id}: ${offences.length} × no se cumple «${rule}»`],
    ),
    ...findings
      .filter((finding) => isIdle(finding, facts))
      .map(({ id, rule }) => `${id}: no se comprobó nada de «${rule}»`),
    ...(crashPoints.left.length > 0
      ? [`puntos de falla que no se alcanzaron: ${crashPoints.left.join(', ')}`]
      : []),
    ...(settledAfterMs === null ? ['quedaron documentos sin final a los 120 s'] : []),
    ...unexpectedEnds.map(
      ({ replica, life, code }) => `${replica} (vida ${life}) terminó sola: ${code}`,
    ),
  ];
}

/** A rule that was looked at nowhere proves nothing. */
function isIdle({ rule, checked }: Finding, { asked }: RunFacts): boolean {
  return checked === 0 && (asked.documents >= WHOLE_RUN || !RARE_RULES.has(rule));
}

/** The table for people. */
export function table(result: Result): string {
  const { facts, findings } = result;
  const lines = findings.map((finding) => {
    const { id, rule, checked, offences } = finding;
    const holds = offences.length === 0 && !isIdle(finding, facts);
    const count = String(checked).padStart(8);
    return `${holds ? 'ok   ' : 'FALLA'} ${id.padEnd(7)}${count}  ${rule}`;
  });
  const offences = findings.flatMap(({ id, offences: own }) =>
    own.slice(0, SHOWN_OFFENCES).map((text) => `      ${id}: ${text}`),
  );
  const bad = shortcomings(result);
  return [
    ...figures(result).map(({ es, value }) => `${es.padEnd(34)} ${value}`),
    '',
    ...lines,
    ...offences,
    '',
    bad.length === 0 ? 'Todo se cumple.' : bad.join('\n'),
    `Para repetir: ${commandOf(result)}`,
    '',
  ].join('\n');
}

/** What was asked for, to be asked for again. */
export function commandOf({ facts }: Result): string {
  const { asked, seed } = facts;
  const words = {
    documents: asked.documents,
    seed,
    kills: asked.kills,
    flushes: asked.flushes,
    'database-crashes': asked.databaseCrashes,
    tenants: asked.tenants,
    replicas: asked.replicas,
    pause: asked.pauseMs,
    points: asked.pointsOnce ? 'once' : 'all',
  };
  const options = Object.entries(words).map(([name, value]) => `--${name} ${value}`);
  return `npm run faults -- ${options.join(' ')}`;
}

interface Figure {
  readonly es: string;
  readonly en: string;
  readonly value: string;
}

/** The figures of a run. */
export function figures({ facts, minutes }: Result): readonly Figure[] {
  const { crashPoints, tally, settledAfterMs, chainedAfterMs } = facts;
  const count = (...names: readonly string[]): string =>
    String(names.reduce((sum, name) => sum + (tally[name] ?? 0), 0));
  const seconds = (ms: number | null): string =>
    ms === null ? 'no' : `${(ms / 1_000).toFixed(1)} s`;
  const hit = `${crashPoints.planned - crashPoints.left.length} / ${crashPoints.planned}`;
  return [
    { es: 'semilla', en: 'seed', value: facts.seed },
    { es: 'procesos', en: 'processes', value: String(facts.processes) },
    { es: 'documentos', en: 'documents', value: String(facts.documents) },
    { es: 'POST en total', en: 'POSTs in all', value: String(facts.attempts) },
    { es: 'kill -9', en: 'kill -9', value: String(facts.kills) },
    { es: 'SIGSTOP', en: 'SIGSTOP', value: count('freeze') },
    {
      es: 'detenciones en seco de PostgreSQL',
      en: 'immediate stops of PostgreSQL',
      value: count('database-crash'),
    },
    { es: 'colas vaciadas', en: 'queues emptied', value: count('queue-flush', 'queue-crash') },
    {
      es: 'apartados y retomados',
      en: 'dead letters replayed',
      value: String(facts.replayed),
    },
    { es: 'puntos de falla × manera', en: 'crash points × kinds', value: hit },
    {
      es: 'todo final tras la última falla',
      en: 'all final after the last fault',
      value: seconds(settledAfterMs),
    },
    { es: 'y en su cadena', en: 'and in its chain', value: seconds(chainedAfterMs) },
    { es: 'duración', en: 'duration', value: `${minutes.toFixed(1)} min` },
  ];
}

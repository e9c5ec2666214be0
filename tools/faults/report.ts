import type { Finding } from './checker/invariant.js';
import type { RunFacts } from './run.js';

export interface Result {
  readonly facts: RunFacts;
  readonly findings: readonly Finding[];
  readonly minutes: number;
}

const SHOWN_OFFENCES = 10;

/** What keeps a run from counting as passed, in Spanish; nothing when all is well. */
export function shortcomings({ facts, findings }: Result): string[] {
  const { crashPoints, settledAfterMs, unexpectedEnds } = facts;
  return [
    ...findings.flatMap(({ id, rule, offences }) =>
      offences.length === 0 ? [] : [`${id}: ${offences.length} × no se cumple «${rule}»`],
    ),
    ...(crashPoints.left.length > 0
      ? [`puntos de falla que no se alcanzaron: ${crashPoints.left.join(', ')}`]
      : []),
    ...(settledAfterMs === null ? ['quedaron documentos sin final a los 120 s'] : []),
    ...unexpectedEnds.map(
      ({ replica, life, code }) => `${replica} (vida ${life}) terminó sola: ${code}`,
    ),
  ];
}

/** The table for people. */
export function table(result: Result): string {
  const { facts, findings } = result;
  const lines = findings.map(({ id, rule, checked, offences }) => {
    const count = String(checked).padStart(8);
    return `${offences.length === 0 ? 'ok   ' : 'FALLA'} ${id.padEnd(7)}${count}  ${rule}`;
  });
  const offences = findings.flatMap(({ id, offences: own }) =>
    own.slice(0, SHOWN_OFFENCES).map((text) => `      ${id}: ${text}`),
  );
  const bad = shortcomings(result);
  return [
    ...figures(result).map(([name, value]) => `${name.padEnd(34)} ${value}`),
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

/** Name and value of each figure, in Spanish. */
export function figures({ facts, minutes }: Result): readonly (readonly [string, string])[] {
  const { crashPoints, tally } = facts;
  const settled =
    facts.settledAfterMs === null ? 'no' : `${(facts.settledAfterMs / 1000).toFixed(1)} s`;
  return [
    ['semilla', facts.seed],
    ['documentos', String(facts.documents)],
    ['POST en total', String(facts.attempts)],
    ['kill -9', String(facts.kills)],
    ['detenciones en seco de PostgreSQL', String(tally['database-crash'] ?? 0)],
    ['colas vaciadas', String((tally['queue-flush'] ?? 0) + (tally['queue-crash'] ?? 0))],
    [
      'puntos de falla × manera',
      `${crashPoints.planned - crashPoints.left.length} de ${crashPoints.planned}`,
    ],
    ['todo final tras la última falla', settled],
    ['duración', `${minutes.toFixed(1)} min`],
  ];
}

import { readFiles } from '../tidy/repository.js';
import type { Finding } from './checker/invariant.js';
import { RARE_RULES, shortcomings, table } from './report.js';
import type { RunFacts } from './run.js';

const facts = (documents: number): RunFacts => ({
  asked: {
    ...{ documents, seed: 's', kills: 1, flushes: 1, databaseCrashes: 1 },
    ...{ tenants: 1, replicas: 1, pauseMs: 1, pointsOnce: true },
  },
  ...{ seed: 's', processes: 1, documents, attempts: 1, kills: 1, replayed: 0, queue: 'redis' },
  ...{ unexpectedEnds: [], tally: {}, settledAfterMs: 1, chainedAfterMs: 1, failedStarts: 0 },
  ...{ acknowledged: 1, refused: 0, startedAt: '', faultsEndedAt: '' },
  crashPoints: { planned: 0, left: [], fired: {}, undriven: [] },
});
const finding = (rule: string, checked: number): Finding => ({
  ...{ id: 'INV-1', rule, checked, offences: [] },
});
const [rare = ''] = RARE_RULES;

test.each<[string, number, Finding, boolean]>([
  ['a rule that was looked at', 300, finding('all is well', 1), true],
  ['a rule that was looked at nowhere', 300, finding('all is well', 0), false],
  ['the same in a short run', 20, finding('all is well', 0), false],
  ['a rare one in a short run', 20, finding(rare, 0), true],
  ['a rare one in a whole run', 300, finding(rare, 0), false],
])('%s', (_, documents, one, isPassed) => {
  const result = { facts: facts(documents), findings: [one], minutes: 1 };
  const told = isPassed ? [] : [`INV-1: no se comprobó nada de «${one.rule}»`];
  expect(shortcomings(result)).toEqual(told);
  expect(table(result)).toMatch(isPassed ? /^ok {4}INV-1/m : /^FALLA INV-1/m);
});

test('rare rules are rules of the checker', () => {
  const checker = readFiles(/^tools\/faults\/checker\/.*\.ts$/).map(({ text }) => text);
  const unknown = [...RARE_RULES].filter((rule) => !checker.some((text) => text.includes(rule)));
  expect(unknown).toEqual([]);
});

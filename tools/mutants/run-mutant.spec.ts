import { fateOf, type JestReport } from './run-mutant.js';

type Suite = JestReport['testResults'][number];
const suite = (...failures: readonly (string | null)[]): Suite => ({
  message: '',
  assertionResults: failures.map((failure, at) => ({
    status: failure === null ? 'passed' : 'failed',
    fullName: `test ${at + 1}`,
    failureMessages: failure === null ? [] : [failure],
  })),
});
const unable = (message: string): Suite => ({ message, assertionResults: [] });

const REFUSED = 'Error: test database: Error: mutant not applied: no such trigger\n    at …';
const NO_SERVER = 'Error: test database: Error: PostgreSQL did not start\n    at …';

test.each<[string, readonly Suite[], ReturnType<typeof fateOf>]>([
  ['a test that fails', [suite(null, 'was 2')], { fate: 'killed', by: ['test 2'] }],
  ['none that fails', [suite(null, null)], { fate: 'survived', by: [] }],
  ['SQL that was refused', [suite(REFUSED, REFUSED)], { fate: 'broken', by: [REFUSED] }],
  ['no database to test with', [suite(NO_SERVER)], { fate: 'broken', by: [NO_SERVER] }],
  ['a suite that does not load', [unable('syntax')], { fate: 'broken', by: ['syntax'] }],
  [
    'a text that is not there, and a test that fails all the same',
    [unable('mutant not applied: no such text once'), suite('was 2')],
    { fate: 'broken', by: ['mutant not applied: no such text once'] },
  ],
  [
    'one suite that notices',
    [unable('syntax'), suite('was 2')],
    { fate: 'killed', by: ['test 1'] },
  ],
])('%s', (_, testResults, told) => {
  expect(fateOf({ testResults })).toEqual(told);
});

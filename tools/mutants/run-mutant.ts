import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { MUTANT_VARIABLE, type Protection } from './protection.js';
import { NOT_APPLIED } from './take-away.js';

/** `killed`: a test noticed. `survived`: none did. `broken`: the tests could not even begin. */
export interface MutantResult {
  readonly protection: Protection;
  readonly fate: 'killed' | 'survived' | 'broken';
  /** Names of the tests that noticed, or what went wrong. */
  readonly by: readonly string[];
  readonly seconds: number;
}

/** What is read of a report of Jest's. */
export interface JestReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** A test that fails for want of its ground notices nothing; the second is of libs/testkit. */
const WITHOUT_GROUND = [NOT_APPLIED, 'test database: '];

/** Runs a protection's tests without it. */
export async function runMutant(root: string, protection: Protection): Promise<MutantResult> {
  const dir = await mkdtemp(join(tmpdir(), 'getupnet-mutant-'));
  const started = performance.now();
  try {
    const report = await runTests(root, protection, join(dir, 'report.json'));
    return { protection, ...fateOf(report), seconds: (performance.now() - started) / 1_000 };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What became of a mutant by the report of its tests. */
export function fateOf({ testResults }: JestReport): Pick<MutantResult, 'fate' | 'by'> {
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  const groundless = failed.flatMap(({ failureMessages }) =>
    failureMessages.filter((text) => WITHOUT_GROUND.some((mark) => text.includes(mark))),
  );
  const unable = testResults.filter((suite) => suite.assertionResults.length === 0);
  const excuses = [...groundless, ...unable.map(({ message }) => message)];
  const isApplied = !excuses.some((text) => text.includes(NOT_APPLIED));
  const noticed = failed.filter(({ failureMessages }) =>
    failureMessages.every((text) => !groundless.includes(text)),
  );
  if (isApplied && noticed.length > 0) {
    return { fate: 'killed', by: noticed.map(({ fullName }) => fullName) };
  }
  if (excuses.length === 0) return { fate: 'survived', by: [] };
  return { fate: 'broken', by: [...new Set(excuses)] };
}

async function runTests(root: string, protection: Protection, file: string): Promise<JestReport> {
  const child = spawn(
    process.execPath,
    [
      'node_modules/jest/bin/jest.js',
      ...['--silent', '--maxWorkers=1', '--json', '--outputFile', file],
      '--runTestsByPath',
      ...protection.tests,
    ],
    {
      cwd: root,
      env: { ...process.env, [MUTANT_VARIABLE]: JSON.stringify(protection.without) },
      stdio: 'ignore',
    },
  );
  await once(child, 'exit');
  return JSON.parse(await readFile(file, 'utf8')) as JestReport;
}

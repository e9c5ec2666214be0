import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { MUTANT_VARIABLE, type Protection } from './protection.js';

/** `killed`: a test noticed. `survived`: none did. `broken`: the tests could not even begin. */
export interface MutantResult {
  readonly protection: Protection;
  readonly fate: 'killed' | 'survived' | 'broken';
  /** Names of the tests that noticed, or what went wrong. */
  readonly by: readonly string[];
  readonly seconds: number;
}

interface JestReport {
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs a protection's tests without it. */
export async function runMutant(root: string, protection: Protection): Promise<MutantResult> {
  const dir = await mkdtemp(join(tmpdir(), 'getupnet-mutant-'));
  const started = performance.now();
  try {
    const report = await runTests(root, protection, join(dir, 'report.json'));
    const failed = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    );
    const seconds = (performance.now() - started) / 1_000;
    if (failed.length > 0) return { protection, fate: 'killed', by: failed, seconds };
    const unable = report.testResults.filter((suite) => suite.assertionResults.length === 0);
    if (unable.length === 0) return { protection, fate: 'survived', by: [], seconds };
    return { protection, fate: 'broken', by: unable.map(({ message }) => message), seconds };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
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

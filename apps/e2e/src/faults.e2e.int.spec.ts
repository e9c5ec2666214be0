import { execFile, type ExecFileException } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Result } from '../../../tools/faults/report.js';

const ROOT = join(import.meta.dirname, '../../..');
const SEED = process.env['E2E_FAULTS_SEED'] ?? randomBytes(6).toString('hex');
const DOCUMENTS = 300;
/** From outside; the crash points kill as many times more. */
const KILLS = 3;
/** Longer than build and run on a busy machine; whoever takes longer still says why. */
const BUILD_MS = 180_000;
const RUN_MS = 690_000;
const LIMIT_MS = 900_000;
const MOST_OUTPUT = 64 * 1024 * 1024;

interface Ended {
  readonly code: number | string | null | undefined;
  readonly out: string;
  readonly err: string;
}

function node(timeout: number, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const done = (error: ExecFileException | null, out: string, err: string): void => {
      resolve({ code: error === null ? 0 : error.code, out, err });
    };
    const options = { cwd: ROOT, maxBuffer: MOST_OUTPUT, timeout };
    execFile(process.execPath, [...args], options, done);
  });
}

describe('a short run of the fault harness', () => {
  let result: Result;
  let ended: Ended;

  beforeAll(async () => {
    process.stderr.write(`faults test: E2E_FAULTS_SEED=${SEED}\n`);
    const built = await node(BUILD_MS, 'tools/build.mjs', '--faults');
    if (built.code !== 0) throw new Error(`not built: ${built.err}`);
    const size = [
      '--documents',
      String(DOCUMENTS),
      '--kills',
      String(KILLS),
      '--tenants',
      '6',
      '--replicas',
      '1',
    ];
    const way = ['--seed', SEED, '--pause', '1200', '--points', 'once', '--json'];
    ended = await node(RUN_MS, 'dist-faults/tools/faults/main.js', ...size, ...way);
    if (ended.out === '') throw new Error(`the harness said nothing: ${ended.err}`);
    result = JSON.parse(ended.out) as Result;
    const { facts, minutes } = result;
    const seconds = Math.round(minutes * 60);
    process.stderr.write(
      `faults test: ${facts.documents} documents, ${facts.kills} kills, ${seconds} s\n`,
    );
  }, LIMIT_MS);

  test('everything that must hold held', () => {
    const broken = result.findings.filter(({ offences }) => offences.length > 0);
    expect(broken).toEqual([]);
    expect(result.facts.unexpectedEnds).toEqual([]);
    expect(ended.code).toBe(0);
  });

  test('it was hard: documents, kills, a crash of the database, an empty queue', () => {
    const { documents, kills, tally, processes } = result.facts;
    expect(documents).toBeGreaterThanOrEqual(DOCUMENTS);
    expect(kills).toBeGreaterThanOrEqual(10);
    expect(tally).toMatchObject({ 'database-crash': 1, 'queue-flush': 1, freeze: 1 });
    expect(processes).toBe(7);
  });

  test('every crash point was hit, and every rule was looked at', () => {
    const { crashPoints } = result.facts;
    expect(crashPoints.left).toEqual([]);
    expect(crashPoints.undriven).toEqual([]);
    const idle = result.findings.filter(({ checked }) => checked === 0);
    expect(idle.map(({ id, rule }) => `${id} ${rule}`)).toEqual([]);
  });
});

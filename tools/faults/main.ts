import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../cli/io.js';
import { HELP, commandOf, type FaultsCommand } from './options.js';
import { shortcomings, table, type Result } from './report.js';
import { markdown } from './report-markdown.js';
import { runChecker } from './run-checker.js';
import { run } from './run.js';

const MS_PER_MINUTE = 60_000;

async function perform(command: FaultsCommand, dir: string): Promise<Result> {
  const begun = performance.now();
  const progress = (text: string): void => {
    const seconds = Math.round((performance.now() - begun) / 1_000);
    process.stderr.write(`[${String(seconds).padStart(5)} s] ${text}\n`);
  };
  progress(`semilla ${command.seed}`);
  const { facts, world } = await run({ ...command, dir, progress });
  try {
    progress('verificador');
    const findings = await runChecker(dir, world);
    return { facts, findings, minutes: (performance.now() - begun) / MS_PER_MINUTE };
  } finally {
    await world.stop();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const command = commandOf(args);
  if (command === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const dir = command.keep ?? (await mkdtemp(join(tmpdir(), 'getupnet-faults-')));
  const result = await perform(command, dir);
  process.stdout.write(command.json ? `${JSON.stringify(result)}\n` : table(result));
  if (command.report !== undefined) {
    await writeFile(command.report, await markdown(result, command.report));
  }
  const passed = shortcomings(result).length === 0;
  if (passed && command.keep === undefined) await rm(dir, { recursive: true, force: true });
  else process.stderr.write(`Pruebas y bitácoras: ${dir}\n`);
  return passed ? 0 : 1;
}

// Ending takes the processes of the run along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

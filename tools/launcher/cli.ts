import { parseArgs } from 'node:util';
import { didYouMean } from '../cli/suggest.js';
import { bootPlatform, type Platform } from './boot-platform.js';
import { LaunchError, explain } from './launch-error.js';
import { Progress } from './progress.js';
import { readSettings } from './settings.js';

export interface CliOptions {
  readonly once: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const FLAGS = {
  once: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Flags of demo and start; an unknown one is told, not ignored. */
export function readFlags(args: readonly string[]): CliOptions {
  try {
    const { values } = parseArgs({ args: [...args], options: FLAGS });
    return { once: values.once, json: values.json, help: values.help };
  } catch (error) {
    const names = Object.keys(FLAGS).map((name) => `--${name}`);
    const wrong = args.find((arg) => arg !== '-h' && !names.includes(arg)) ?? '';
    const reason = `Opción desconocida: ${wrong}.${didYouMean(wrong, names)}`;
    throw new LaunchError(`${reason}\nPruebe con --help.`, { cause: error });
  }
}

/**
 * Boots, runs `work`, then stays up until a signal unless told otherwise. The exit code is what
 * `work` answers.
 */
export async function launch(
  name: string,
  stay: boolean,
  work: (platform: Platform, progress: Progress) => Promise<number>,
): Promise<number> {
  const progress = new Progress(process.stderr);
  const signal = firstSignal();
  progress.title(name);
  const platform = await bootPlatform(readSettings(process.env), progress);
  try {
    const outcome = await Promise.race([work(platform, progress), signal]);
    if (outcome === INTERRUPTED) return stay ? 0 : EXIT_INTERRUPTED;
    if (stay && outcome === 0) await signal;
    return outcome;
  } finally {
    progress.note('Deteniendo…');
    await platform.stop();
  }
}

const INTERRUPTED = 'interrupted';
/** 128 + SIGINT, as shells expect of an interrupted command. */
const EXIT_INTERRUPTED = 130;

/** Heard from the very start: a database left running would keep the data directory busy. */
function firstSignal(): Promise<typeof INTERRUPTED> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve(INTERRUPTED));
    process.once('SIGTERM', () => resolve(INTERRUPTED));
  });
}

/** Runs a command's main and ends the process with its code, explaining what went wrong. */
export async function main(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    const { text, exitCode } = explain(error);
    process.stderr.write(`\n${text}\n`);
    process.exitCode = exitCode;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServiceProcess {
  readonly publicUrl: string;
  readonly internalUrl: string;
  readonly process: ChildProcess;
  /** SIGTERM, then its exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
  /** SIGKILL: as a power cut would. */
  kill(): Promise<void>;
}

const BOOT_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;
const SHOWN_CHARACTERS = 4_000;
const LISTENING = /"publicUrl":"([^"]+)","internalUrl":"([^"]+)"/g;

/** As in the image (deploy/Dockerfile). */
export const NODE_OPTIONS: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=64'];
/** A third of a start is reading source maps. */
const QUICK_NODE_OPTIONS: readonly string[] = ['--max-semi-space-size=64'];

/**
 * Starts one compiled entry as a process of its own and waits until it listens. Its output goes
 * straight to the file, so that reading it costs the caller nothing.
 */
export async function startServiceProcess(options: {
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** For processes that are started by the hundred: stacks name compiled lines. */
  readonly quick?: boolean;
}): Promise<ServiceProcess> {
  const log = openSync(options.logFile, 'a');
  const earlier = (await readFile(options.logFile, 'utf8')).length;
  const nodeOptions = options.quick === true ? QUICK_NODE_OPTIONS : NODE_OPTIONS;
  const child = spawn(process.execPath, [...nodeOptions, options.entry], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', INTERNAL_PORT: '0', ...options.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const urls = await listening(child, options, earlier);
  return {
    ...urls,
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function listening(
  child: ChildProcess,
  options: { readonly entry: string; readonly logFile: string },
  earlier: number,
): Promise<{ publicUrl: string; internalUrl: string }> {
  const deadline = performance.now() + BOOT_LIMIT_MS;
  for (;;) {
    const text = (await readFile(options.logFile, 'utf8')).slice(earlier);
    const found = [...text.matchAll(LISTENING)].at(-1);
    if (found?.[1] && found[2]) return { publicUrl: found[1], internalUrl: found[2] };
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || performance.now() > deadline) {
      child.kill('SIGKILL');
      const why = ended ? `ended with ${String(child.exitCode)}` : `not up in ${BOOT_LIMIT_MS} ms`;
      throw new Error(`${options.entry} ${why}\n${text.slice(-SHOWN_CHARACTERS)}`);
    }
    await pause(LOOK_EVERY_MS);
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

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
const KEPT_LINES = 40;

/** Starts one compiled entry as a process of its own and waits until it listens. */
export async function startServiceProcess(options: {
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile?: string;
}): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', options.entry], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', INTERNAL_PORT: '0', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const log = options.logFile ? createWriteStream(options.logFile, { flags: 'a' }) : null;
  child.stdout.on('data', (chunk: Buffer) => log?.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => log?.write(chunk));
  const urls = await listening(child, options.entry);
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

function listening(
  child: ChildProcess,
  entry: string,
): Promise<{ publicUrl: string; internalUrl: string }> {
  return new Promise((resolve, reject) => {
    const seen: string[] = [];
    const fail = (why: string) => {
      clearTimeout(limit);
      child.kill('SIGKILL');
      reject(new Error(`${entry} ${why}\n${seen.join('\n')}`));
    };
    const limit = setTimeout(() => fail(`not up after ${BOOT_LIMIT_MS} ms`), BOOT_LIMIT_MS);
    const keep = (line: string) => {
      seen.push(line);
      if (seen.length > KEPT_LINES) seen.shift();
    };
    child.once('exit', (code) => fail(`ended with ${String(code)} before it listened`));
    if (child.stderr) createInterface({ input: child.stderr }).on('line', keep);
    if (!child.stdout) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line);
      const found = /"publicUrl":"([^"]+)","internalUrl":"([^"]+)"/.exec(line);
      if (!found?.[1] || !found[2]) return;
      clearTimeout(limit);
      child.removeAllListeners('exit');
      resolve({ publicUrl: found[1], internalUrl: found[2] });
    });
  });
}

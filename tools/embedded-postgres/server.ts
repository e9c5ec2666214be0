import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Account } from './account.js';
import { type Binaries, isCode } from './binaries.js';
import type { DataDir } from './data-dir.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

export const SUPERUSER = 'postgres';
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
/** How long a server whose launcher was killed may take to notice and end. */
const PREDECESSOR_TIMEOUT_MS = 20_000;
const POLL_MS = 20;
const PORT_ATTEMPTS = 5;
const MAX_CONNECTIONS = 200;
const LOG_TAIL_LINES = 15;

const run = promisify(execFile);

/**
 * Runs the server in its own process group (Ctrl-C is the launcher's to handle) and stops it when
 * the pipe to the launcher closes, so that a killed launcher leaves no server behind.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ read -r _ <&3; kill -INT $server; } 2>/dev/null &
watch=$!
wait $server
code=$?
kill $watch 2>/dev/null
exit $code
`;

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
  /** Ends at once, without a checkpoint. */
  crash(): Promise<void>;
}

/** Makes the cluster when there is none: UTF-8, C locale, scram passwords. */
export async function makeCluster(
  binaries: Binaries,
  dir: DataDir,
  account: Account | undefined,
): Promise<void> {
  if ((await readFile(join(dir.cluster, 'PG_VERSION')).catch(() => undefined)) !== undefined)
    return;
  const draft = join(dir.home, 'cluster.draft');
  const passwordFile = join(dir.home, 'initdb-password');
  await rm(draft, { recursive: true, force: true });
  await writeFile(passwordFile, dir.passwords.superuser, { mode: 0o600 });
  if (account) await chown(passwordFile, account.uid, account.gid);
  const args = ['-D', draft, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  args.push('--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions');
  try {
    await run(binaries.initdb, args, { ...account, cwd: dir.home, env: environment() });
  } catch (cause) {
    const output = String((cause as { stderr?: unknown }).stderr ?? cause).trim();
    throw new EmbeddedPostgresError(
      `No se pudo crear la base embebida en ${dir.cluster}: ${output}`,
      {
        cause,
      },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  // Only a complete cluster gets the name: a start interrupted above begins anew.
  await rename(draft, dir.cluster);
}

/** Starts the server on a free port of 127.0.0.1 and waits until it answers. */
export async function startServer(
  binaries: Binaries,
  dir: DataDir,
  account: Account | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  await waitForPredecessor(dir);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const child = await launch(binaries, dir, account, { ...settings, port: String(port) });
    if (await answers(child, port, dir)) {
      return {
        port,
        stop: () => stop(child, binaries, dir),
        crash: () => crash(child, binaries, dir, account),
      };
    }
    const tail = await logTail(dir.log);
    // Between finding a free port and taking it, somebody else may have taken it.
    if (attempt < PORT_ATTEMPTS && /could not bind IPv4 address/.test(tail)) continue;
    throw new EmbeddedPostgresError(
      `La base embebida no arrancó (código ${child.exitCode}). Últimas líneas de ${dir.log}:\n${tail}`,
    );
  }
}

async function launch(
  binaries: Binaries,
  dir: DataDir,
  account: Account | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
    ...settings,
  };
  const args = ['-D', dir.cluster];
  for (const [name, value] of Object.entries(all)) args.push('-c', `${name}=${value}`);
  const log = await open(dir.log, 'w', 0o600);
  try {
    const options = {
      ...account,
      cwd: dir.home,
      env: environment(),
      detached: process.platform !== 'win32',
      stdio: ['pipe' as const, log.fd, log.fd],
    };
    const child =
      process.platform === 'win32'
        ? spawn(binaries.postgres, args, options)
        : spawn('/bin/sh', ['-c', SUPERVISOR, 'sh', binaries.postgres, ...args], options);
    await once(child, 'spawn');
    // The server must not keep its launcher alive; the pipe's errors only say that it has gone.
    child.unref();
    child.stdin?.on('error', () => undefined);
    unrefPipe(child);
    return child;
  } finally {
    await log.close();
  }
}

function unrefPipe(child: ChildProcess): void {
  const pipe = child.stdin;
  if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}

/** True once a connection works; false when the server ended instead. */
async function answers(child: ChildProcess, port: number, dir: DataDir): Promise<boolean> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await withSuperuser(port, dir, async (client) => client.query('SELECT 1'));
      return true;
    } catch (error) {
      // 57P03: starting up. Anything else that is not "nobody listens yet" is a real fault.
      if (!isCode(error, 'ECONNREFUSED', 'ECONNRESET', '57P03')) throw error;
    }
    if (Date.now() > deadline) {
      child.stdin?.end();
      throw new EmbeddedPostgresError('La base embebida no respondió en 60 segundos.');
    }
    await delay(POLL_MS);
  }
  return false;
}

/** Runs `work` with a superuser connection to the database `postgres`. */
export async function withSuperuser<T>(
  port: number,
  dir: DataDir,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: dir.passwords.superuser,
    database: 'postgres',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function stop(child: ChildProcess, binaries: Binaries, dir: DataDir): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.ref();
  if (process.platform === 'win32') {
    await run(binaries.pgCtl, ['stop', '-D', dir.cluster, '-m', 'fast', '-w']);
  }
  child.stdin?.end();
  const late = delay(STOP_TIMEOUT_MS, 'late', { ref: false });
  if ((await Promise.race([ended, late])) !== 'late') return;
  // The next start recovers from the write-ahead log.
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}

async function crash(
  child: ChildProcess,
  binaries: Binaries,
  dir: DataDir,
  account: Account | undefined,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.ref();
  await run(binaries.pgCtl, ['stop', '-D', dir.cluster, '-m', 'immediate', '-w'], {
    ...account,
    cwd: dir.home,
    env: environment(),
  });
  await ended;
}

/** A server of this directory may still be ending after its launcher was killed. */
async function waitForPredecessor(dir: DataDir): Promise<void> {
  const file = join(dir.cluster, 'postmaster.pid');
  const deadline = Date.now() + PREDECESSOR_TIMEOUT_MS;
  for (;;) {
    const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
    if (!Number.isInteger(pid) || pid <= 0) return;
    if (!(await isServer(pid))) {
      // The number may meanwhile belong to another program, and PostgreSQL would refuse to start.
      await rm(file, { force: true });
      return;
    }
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `Otra instancia (proceso ${pid}) usa el directorio de datos ${dir.cluster}. ` +
          'Deténgala, o indique otro directorio en GETUPNET_DATA_DIR.',
      );
    }
    await delay(POLL_MS * 5);
  }
}

async function isServer(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
    if (!isCode(error, 'EPERM')) throw error;
  }
  if (process.platform === 'win32') return true;
  const text =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await run('ps', ['-p', String(pid), '-o', 'command=']).then(
          (result) => result.stdout,
          () => '',
        );
  return /postgres/.test(text);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

async function logTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}

/** Nothing of the caller's PG* variables or secrets reaches the server. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    TZ: 'UTC',
    SYSTEMROOT: process.env['SYSTEMROOT'],
  };
}

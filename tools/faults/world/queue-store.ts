import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Where jobs travel, and what may happen to it. */
export interface QueueStore {
  readonly name: 'redis' | 'postgres';
  /** Port to put a proxy in front of; none where the queues live in PostgreSQL. */
  readonly port: number | null;
  /** Forgets every job. */
  flush(): Promise<void>;
  /** SIGKILL and a new, empty one; absent where PostgreSQL's own crash is all there is. */
  readonly crash?: () => Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 10_000;

/** Redis where `redis-server` is on PATH, else the queues' schema of the database. */
export async function openQueueStore(dir: string, superuserUrl: () => string): Promise<QueueStore> {
  const installed = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
  return installed ? openRedis(dir) : queuesInPostgres(superuserUrl);
}

async function openRedis(dir: string): Promise<QueueStore> {
  await mkdir(dir, { recursive: true });
  const port = await freePort();
  let server = await startRedis(port, dir);
  process.once('exit', () => server.kill('SIGKILL'));
  return {
    name: 'redis',
    port,
    flush: () => command(port, 'FLUSHALL'),
    crash: async () => {
      await end(server, 'SIGKILL');
      server = await startRedis(port, dir);
    },
    stop: () => end(server, 'SIGTERM'),
  };
}

async function startRedis(port: number, dir: string): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', dir];
  const server = spawn('redis-server', args, { stdio: 'ignore' });
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await command(port, 'PING');
      return server;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(20);
    }
  }
}

/** Redis takes commands as plain lines, too. */
async function command(port: number, line: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(`${line}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.toString().startsWith('+')) throw new Error(`redis: ${answer.toString()}`);
  } finally {
    socket.destroy();
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Every table of the queues' schema is emptied, but for the record of its own migrations. */
function queuesInPostgres(superuserUrl: () => string): QueueStore {
  const flush = async (): Promise<void> => {
    const client = new pg.Client({ connectionString: superuserUrl() });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
         WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
      );
      const names = rows.map(({ name }) => name).join(', ');
      await client.query(`SET lock_timeout = '3s'`);
      if (names !== '') await client.query('TRUNCATE '.concat(names));
    } finally {
      await client.end();
    }
  };
  return { name: 'postgres', port: null, flush, stop: () => Promise.resolve() };
}

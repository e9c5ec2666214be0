import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgresError, startEmbeddedPostgres } from './index.js';

const root = join(import.meta.dirname, '../..');

const query = async (url: string, text: string) => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

describe('embedded PostgreSQL', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'getupnet-embedded-'));
    chmodSync(dir, 0o755);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const start = (dataDir = dir, settings = {}) =>
    startEmbeddedPostgres({ dataDir, fsync: false, settings });

  test('starts, keeps its data over a restart, and hides its passwords', async () => {
    const first = await start();
    await query(first.ownerUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    const settings = await query(
      first.ownerUrl,
      `SELECT current_setting('listen_addresses') AS address, pg_encoding_to_char(encoding) AS encoding,
         datcollate AS collate, current_setting('password_encryption') AS passwords,
         (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(settings).toEqual([
      {
        ...{ address: '127.0.0.1', encoding: 'UTF8', collate: 'C' },
        ...{ passwords: 'scram-sha-256', superuser: false },
      },
    ]);
    expect(statSync(join(dir, 'passwords.json')).mode & 0o777).toBe(0o600);
    await first.stop();
    await first.stop();

    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    expect(new URL(second.ownerUrl).password).toBe(new URL(first.ownerUrl).password);
    await second.stop();
  });

  test('what was committed survives a crash; the superuser sees every row', async () => {
    const durable = { synchronous_commit: 'on', full_page_writes: 'on' };
    const first = await start(dir, durable);
    await query(
      first.ownerUrl,
      `CREATE TABLE kept AS SELECT 1 AS one;
       ALTER TABLE kept ENABLE ROW LEVEL SECURITY; ALTER TABLE kept FORCE ROW LEVEL SECURITY;`,
    );
    await first.crash();
    await first.stop();
    const second = await start();
    expect(await query(second.ownerUrl, 'SELECT one FROM kept')).toEqual([]);
    expect(await query(second.superuserUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  test('a wrong password is refused', async () => {
    const server = await start();
    const url = new URL(server.ownerUrl);
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    await server.stop();
  });

  test('a launcher that is killed takes its server along, and the next one recovers', async () => {
    const script = `
      import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dir)} });
      console.log(server.ownerUrl);
      setInterval(() => undefined, 1_000);`;
    const args = [
      '--import',
      join(root, 'tools/ts-register.mjs'),
      '--input-type=module',
      '-e',
      script,
    ];
    const launcher = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const early = once(launcher, 'exit').then(([code]) => {
      throw new Error(`the launcher ended with ${String(code)} before its server was up`);
    });
    const [output] = (await Promise.race([once(launcher.stdout, 'data'), early])) as [Buffer];
    const ownerUrl = output.toString().trim();
    await query(ownerUrl, 'CREATE TABLE kept AS SELECT 1 AS one');
    const ended = once(launcher, 'exit');
    launcher.kill('SIGKILL');
    await ended;

    const next = await start();
    expect(await query(next.ownerUrl, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await next.stop();
  });

  test('a pid file left behind, its number now another program’s, is no obstacle', async () => {
    const first = await start();
    const file = join(dir, 'server/cluster/postmaster.pid');
    const content = readFileSync(file, 'utf8');
    await first.stop();
    writeFileSync(file, content.replace(/^\d+/, String(process.pid)));
    chmodSync(file, 0o644);
    const second = await start();
    await second.stop();
  });

  test('says in Spanish where it cannot write', async () => {
    const file = join(dir, 'file');
    writeFileSync(file, '');
    const error: unknown = await start(join(file, 'data')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(String(error)).toContain('No se puede escribir en el directorio de datos');
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('below a private directory, root’s server lives elsewhere and says so', async () => {
    const home = join(dir, 'home');
    mkdirSync(home, { mode: 0o700 });
    const notices: string[] = [];
    const server = await startEmbeddedPostgres({
      dataDir: join(home, 'data'),
      fsync: false,
      onNotice: (text) => notices.push(text),
    });
    expect(await query(server.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(notices.join()).toContain(join(home, 'data'));
    const cluster = /quedan en (\S+\/server\/cluster)\.$/.exec(notices[0] ?? '')?.[1] ?? '';
    expect(cluster).toContain(tmpdir());
    expect(existsSync(cluster)).toBe(true);
    await server.destroy();
    expect([existsSync(join(cluster, '../..')), existsSync(join(home, 'data'))]).toEqual([
      false,
      false,
    ]);
  });
});

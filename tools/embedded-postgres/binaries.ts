import { createHash } from 'node:crypto';
import { chmod, cp, lchown, mkdtemp, readFile, readdir, rename } from 'node:fs/promises';
import { rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Account, canRead, isOurDirectory } from './account.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** Programs of the platform's package, with their library links made, where the account reads them. */
export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const packaged = packageDir();
  const readable = await canRead(join(packaged, 'native/bin/postgres'), account);
  const base = readable ? packaged : await copyOf(packaged, account);
  try {
    await makeLinks(base);
    return programs(base);
  } catch (error) {
    // A read-only installation: the links live in a copy.
    if (base !== packaged || !isCode(error, 'EACCES', 'EROFS', 'EPERM')) throw error;
  }
  const copy = await copyOf(packaged, account);
  await makeLinks(copy);
  return programs(copy);
}

function programs(base: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = (name: string): string => join(base, 'native/bin', name + suffix);
  return { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}

function packageDir(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `No hay PostgreSQL embebido para ${process.platform}-${process.arch} (falta ${name}). ` +
        'Repita «npm ci», o indique una base existente en DATABASE_URL.',
      { cause },
    );
  }
}

/** npm packages carry no symbolic links, and we run no install scripts: the links are made here. */
async function makeLinks(base: string): Promise<void> {
  const list = join(base, 'native/pg-symlinks.json');
  const text = await readFile(list, 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as Link[]) {
    const path = join(base, target);
    try {
      await symlink(basename(source), path);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
}

/** A copy under the temporary directory, shared by later starts of the same checkout. */
async function copyOf(packaged: string, account: Account | undefined): Promise<string> {
  const { mtimeMs } = await stat(join(packaged, 'package.json'));
  const key = createHash('sha256').update(`${packaged}\n${mtimeMs}`).digest('hex');
  const target = join(tmpdir(), `getupnet-postgres-${key.slice(0, 16)}`);
  if (await isOurDirectory(target)) return target;
  const draft = await mkdtemp(join(tmpdir(), 'getupnet-postgres-'));
  await cp(packaged, draft, { recursive: true, verbatimSymlinks: true });
  if (account) await giveContents(draft, account);
  await chmod(draft, 0o755);
  try {
    await rename(draft, target);
    return target;
  } catch {
    // Somebody else's directory has the name, or another start was faster: use ours if it is one.
    if (!(await isOurDirectory(target))) return draft;
    await rm(draft, { recursive: true, force: true });
    return target;
  }
}

/** The top directory stays ours: that is how a later start knows the copy is not a stranger's. */
async function giveContents(dir: string, account: Account): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}

/** By shape, not by class: jest runs tests in a realm with an Error of its own. */
export function isCode(error: unknown, ...codes: string[]): boolean {
  const shaped = typeof error === 'object' && error !== null && 'code' in error;
  return shaped && codes.includes(String(error.code));
}

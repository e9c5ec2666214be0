import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Account, canReach, isOurDirectory } from './account.js';
import { isCode } from './binaries.js';
import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** Where one embedded server keeps its files. */
export interface DataDir {
  /** PGDATA; belongs to the server's account. */
  readonly cluster: string;
  readonly log: string;
  /** Directory the server's account may write to, for the drafts of a first start. */
  readonly home: string;
  readonly passwords: Passwords;
  /** Set when the server could not live in the directory asked for. */
  readonly movedFrom: string | undefined;
}

export interface Passwords {
  readonly superuser: string;
  readonly owner: string;
}

const PRIVATE = 0o700;

/** Makes (or finds again) the directories and passwords of the server. */
export async function openDataDir(asked: string, account: Account | undefined): Promise<DataDir> {
  const wanted = resolve(asked);
  await makeWritable(wanted);
  const reachable = await canReach(join(wanted, 'server'), account);
  const home = reachable ? join(wanted, 'server') : await substituteFor(wanted);
  await mkdir(home, { recursive: true, mode: PRIVATE });
  await give(home, account);
  return {
    home,
    cluster: join(home, 'cluster'),
    log: join(home, 'server.log'),
    passwords: await passwords(join(wanted, 'passwords.json'), join(home, 'cluster')),
    movedFrom: reachable ? undefined : wanted,
  };
}

/** Hands a path to the server's account; without one there is nothing to hand over. */
export async function give(path: string, account: Account | undefined): Promise<void> {
  await chmod(path, PRIVATE);
  if (account) await chown(path, account.uid, account.gid);
}

async function makeWritable(dir: string): Promise<void> {
  const probe = join(dir, `.probe-${process.pid}`);
  try {
    await mkdir(dir, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    if (isCode(cause, 'ENOSPC', 'EDQUOT')) {
      throw new EmbeddedPostgresError(`No queda espacio en disco para los datos en ${dir}.`, {
        cause,
      });
    }
    if (!isCode(cause, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT')) throw cause;
    throw new EmbeddedPostgresError(
      `No se puede escribir en el directorio de datos ${dir}. ` +
        'Dé permiso de escritura o indique otro en GETUPNET_DATA_DIR.',
      { cause },
    );
  }
}

/**
 * A checkout below a private home cannot be entered by the account the server runs under, so the
 * cluster goes to the temporary directory, under a name made from the directory asked for.
 */
async function substituteFor(wanted: string): Promise<string> {
  const key = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const base = join(tmpdir(), `getupnet-data-${key}`);
  await mkdir(base, { mode: 0o755 }).catch((error: unknown) => {
    if (!isCode(error, 'EEXIST')) throw error;
  });
  if (!(await isOurDirectory(base))) {
    throw new EmbeddedPostgresError(
      `${base} pertenece a otra cuenta. Indique otro directorio de datos en GETUPNET_DATA_DIR.`,
    );
  }
  await chmod(base, 0o755);
  return join(base, 'server');
}

async function passwords(file: string, cluster: string): Promise<Passwords> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Passwords;
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  // Without its passwords a cluster cannot be opened again: it is set aside, never deleted.
  await rename(cluster, `${cluster}.without-passwords-${Date.now()}`).catch((error: unknown) => {
    if (!isCode(error, 'ENOENT')) throw error;
  });
  const fresh: Passwords = { superuser: newPassword(), owner: newPassword() };
  const draft = join(dirname(file), `.passwords-${process.pid}`);
  await writeFile(draft, JSON.stringify(fresh), { mode: 0o600 });
  await rename(draft, file);
  return fresh;
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

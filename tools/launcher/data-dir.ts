import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorFacts } from '../cli/error-facts.js';
import { LaunchError } from './launch-error.js';

/** Where a development installation keeps everything: database, secrets, logs, documents. */
export interface DataDir {
  readonly root: string;
  readonly database: string;
  readonly simulator: string;
  readonly secrets: string;
  readonly documents: string;
  /** Write-once copies of the audit's checkpoints, and the key they are verified with. */
  readonly audit: string;
  readonly log: string;
  readonly demoFile: string;
}

export async function openDataDir(path: string): Promise<DataDir> {
  const root = resolve(path);
  const dir: DataDir = {
    root,
    database: join(root, 'postgres'),
    simulator: join(root, 'simulator'),
    secrets: join(root, 'secrets'),
    documents: join(root, 'documents'),
    audit: join(root, 'audit'),
    log: join(root, 'platform.log'),
    demoFile: join(root, 'demo.json'),
  };
  try {
    await mkdir(dir.documents, { recursive: true });
    await mkdir(dir.audit, { recursive: true });
    await mkdir(dir.simulator, { recursive: true });
    await mkdir(dir.secrets, { recursive: true, mode: 0o700 });
    await writeFile(join(root, '.writable'), '');
  } catch (error) {
    throw new LaunchError(
      `No se puede escribir en ${root}.\n` +
        'Dé permiso a su usuario sobre ese directorio, o elija otro con GETUPNET_DATA_DIR.',
      { cause: error },
    );
  }
  return dir;
}

/** The file's text, or what `make` gives, which is then kept (mode 600). */
export async function keepSecret(path: string, make: () => string): Promise<string> {
  const known = await readIfThere(path);
  if (known !== null) return known.trim();
  const secret = make();
  await writePrivate(path, `${secret}\n`);
  return secret;
}

export function randomSecret(bytes: number, encoding: 'hex' | 'base64'): string {
  return randomBytes(bytes).toString(encoding);
}

export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorFacts(error).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, readable by its owner only. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

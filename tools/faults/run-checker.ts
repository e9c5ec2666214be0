import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './checker/invariant.js';
import type { World } from './world/world.js';

const CHECKER = fileURLToPath(new URL('checker/main.js', import.meta.url));
const MOST_OUTPUT = 256 * 1024 * 1024;

/** Runs the independent checker as a program of its own on the evidence of a run. */
export async function runChecker(dir: string, world: World): Promise<Finding[]> {
  const secretsFile = join(dir, 'secrets.txt');
  await writeFile(secretsFile, world.secrets.join('\n'), { mode: 0o600 });
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: world.database.superuserUrl,
    SECRETS_FILE: secretsFile,
  };
  try {
    return await new Promise<Finding[]>((resolve, reject) => {
      const args = [CHECKER, dir];
      execFile(process.execPath, args, { env, maxBuffer: MOST_OUTPUT }, (error, out, err) => {
        if (out === '') reject(new Error(`the checker said nothing: ${err}`, { cause: error }));
        else resolve(JSON.parse(out) as Finding[]);
      });
    });
  } finally {
    await rm(secretsFile, { force: true });
  }
}

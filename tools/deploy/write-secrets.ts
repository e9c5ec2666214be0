import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Thrown when there are secrets already; replacing them would lock everybody out. */
export class SecretsExist extends Error {}

/**
 * Writes secrets for docker compose. The directory is closed to all but its owner; the files in it
 * are not, because a container sees them with the rights they have here and runs as another user.
 */
export async function writeSecrets(
  dir: string,
  secrets: ReadonlyMap<string, string>,
): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const present = (await readdir(dir)).filter((name) => secrets.has(name));
  if (present.length > 0) throw new SecretsExist(`${dir} already holds ${present.join(', ')}`);
  for (const [name, content] of secrets) {
    await writeFile(join(dir, name), content, { flag: 'wx', mode: 0o444 });
  }
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
  /** Hex SHA-256 of the file, as the Prisma CLI computes it. */
  readonly checksum: string;
}

/** The committed migrations, oldest first. */
export async function readMigrations(dir = migrationsDir()): Promise<readonly MigrationFile[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const bytes = await readFile(join(dir, name, 'migration.sql'));
      const checksum = createHash('sha256').update(bytes).digest('hex');
      return { name, checksum, sql: bytes.toString('utf8') };
    }),
  );
}

/** `prisma/migrations` of the checkout or image this file runs in, compiled or not. */
function migrationsDir(): string {
  let dir = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(dir, 'prisma/migrations');
    if (existsSync(candidate)) return candidate;
    if (dir === dirname(dir)) throw new Error('prisma/migrations not found above this program');
    dir = dirname(dir);
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrations } from './migration-files.js';

const template = (name: string): string =>
  readFileSync(join(process.cwd(), 'prisma/sql', name), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .trim();

describe('row-level security of the migrations', () => {
  test('TEN-3: every table has the template, word for word', async () => {
    const sql = (await readMigrations()).map((file) => file.sql).join('\n');
    const tables = [...sql.matchAll(/^CREATE TABLE (\w+) \(/gm)].map((match) => match[1] ?? '');
    expect(tables.length).toBeGreaterThanOrEqual(11);
    for (const table of tables) {
      const column = table === 'tenant' ? 'id' : 'tenant_id';
      const filled = template('tenant-isolation.sql')
        .replaceAll(':table', table)
        .replaceAll(':column', column);
      expect([table, sql.includes(filled)]).toEqual([table, true]);
    }
    const filled = template('batch-tenants.sql')
      .replaceAll(':table', 'document')
      .replaceAll(':column', 'tenant_id');
    expect(sql).toContain(filled);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMigrations } from './migration-files.js';

const template = (name: string): string =>
  readFileSync(join(process.cwd(), 'prisma/sql', name), 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .trim();

/** Needed before the tenant is known, or of no tenant: closed to every role but identity. */
const IDENTITY_ONLY: ReadonlySet<string> = new Set([
  'user_account',
  'recovery_code',
  'platform_member',
  'user_session',
  'refresh_token',
  'login_challenge',
  'login_failure',
  'invitation',
  'message',
  'password_reset',
  'token_key',
]);

/** How far the chain has come, and its seals: of no tenant, closed to every role but audit_append. */
const AUDIT_ONLY: ReadonlySet<string> = new Set(['audit_cursor', 'audit_checkpoint']);

function templateOf(table: string): string {
  if (IDENTITY_ONLY.has(table)) return 'identity-only.sql';
  return AUDIT_ONLY.has(table) ? 'audit-only.sql' : 'tenant-isolation.sql';
}

describe('row-level security of the migrations', () => {
  test('TEN-3: every table has the template, word for word', async () => {
    const sql = (await readMigrations()).map((file) => file.sql).join('\n');
    const tables = [...sql.matchAll(/^CREATE TABLE (\w+) \(/gm)].map((match) => match[1] ?? '');
    expect(tables.length).toBeGreaterThanOrEqual(11);
    for (const table of tables) {
      const column = table === 'tenant' ? 'id' : 'tenant_id';
      const filled = template(templateOf(table))
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

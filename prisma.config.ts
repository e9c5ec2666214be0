import { defineConfig } from 'prisma/config';

// The CLI looks for its schema engine even before commands that do not use it (generate, validate),
// and would download it. Any existing file satisfies the check; the engine itself is never started.
process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= process.execPath;

const url = process.env['DATABASE_URL'];

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(url === undefined || url === '' ? {} : { datasource: { url } }),
});

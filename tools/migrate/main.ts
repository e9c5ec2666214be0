import { runMigrations } from './run-migrations.js';

process.exitCode = await runMigrations(process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

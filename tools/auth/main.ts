import { runAuth } from './run-auth.js';

process.exitCode = await runAuth(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

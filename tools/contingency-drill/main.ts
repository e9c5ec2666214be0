import { terminal } from '../cli/terminal.js';
import { run } from './cli.js';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A second one ends at once.
  process.once(signal, () => interrupt.abort());
}

process.exitCode = await run(process.argv.slice(2), {
  io: terminal(),
  env: process.env,
  signal: interrupt.signal,
});

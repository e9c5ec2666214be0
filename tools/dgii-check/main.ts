import { SystemClock } from '@getupnet/kernel';
import { terminal } from '../cli/terminal.js';
import { EXIT_INTERRUPTED, run } from './cli.js';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());
process.once('SIGTERM', () => interrupt.abort());

const code = await run(process.argv.slice(2), {
  io: terminal(),
  clock: new SystemClock(),
  env: process.env,
  signal: interrupt.signal,
});
process.exitCode = code;
// A name that is being resolved or a request under way cannot be called off, and would hold us.
if (code === EXIT_INTERRUPTED) process.exit();

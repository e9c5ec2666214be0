import { run } from './cli.js';
import { terminal } from '../cli/terminal.js';

process.exitCode = await run(process.argv.slice(2), terminal());

import { terminal } from '../cli/terminal.js';
import { run } from './cli.js';

process.exitCode = await run(process.argv.slice(2), { io: terminal(), env: process.env });

import { terminal } from '../cli/terminal.js';
import { archiveAudit } from './archive-audit.js';

process.exitCode = await archiveAudit(process.argv.slice(2), process.env, terminal());

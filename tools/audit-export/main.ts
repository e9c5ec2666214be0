import { terminal } from '../cli/terminal.js';
import { exportAudit } from './export-audit.js';

process.exitCode = await exportAudit(process.argv.slice(2), process.env, terminal());

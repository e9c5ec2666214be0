import { terminal } from '../cli/terminal.js';
import { importForTenant } from './import-certificate.js';

process.exitCode = await importForTenant(process.argv.slice(2), process.env, terminal());

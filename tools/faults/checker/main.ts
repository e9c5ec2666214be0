// A program of its own: node …/checker/main.js DIR, with DATABASE_URL (a superuser's) and, in
// SECRETS_FILE, what must never be in a log, line by line. Prints the findings as JSON.
import { readFile } from 'node:fs/promises';
import { check } from './check.js';

const [dir] = process.argv.slice(2);
const { DATABASE_URL: databaseUrl, SECRETS_FILE: secretsFile } = process.env;
if (dir === undefined || databaseUrl === undefined) {
  process.stderr.write('usage: DATABASE_URL=… [SECRETS_FILE=…] node main.js DIR\n');
  process.exitCode = 2;
} else {
  const text = secretsFile === undefined ? '' : await readFile(secretsFile, 'utf8');
  const secrets = text.split('\n').filter(Boolean);
  const findings = await check({ dir, databaseUrl, secrets });
  process.stdout.write(JSON.stringify(findings));
  process.exitCode = findings.every(({ offences }) => offences.length === 0) ? 0 : 1;
}

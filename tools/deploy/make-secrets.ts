import { newSecrets } from './secrets.js';
import { SecretsExist, writeSecrets } from './write-secrets.js';

const dir = process.argv[2] ?? 'deploy/secrets';
const apiHost = process.env['API_HOST'] ?? 'localhost';
try {
  await writeSecrets(dir, newSecrets({ apiHost, now: new Date() }));
  process.stdout.write(`secrets written to ${dir}; keep a copy of secrets_kek elsewhere\n`);
} catch (error) {
  if (!(error instanceof SecretsExist)) throw error;
  process.stderr.write(`${error.message}; nothing was changed\n`);
  process.exitCode = 1;
}

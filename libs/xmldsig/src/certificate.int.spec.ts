import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');

it('reading a certificate leaves a fresh process able to speak TLS', () => {
  const script = `
    import { certificateFacts, issueCertificate } from ${JSON.stringify(join(here, 'index.ts'))};
    const issued = issueCertificate({ holderId: '00112345678', name: 'ANA', password: 'clave' });
    certificateFacts(issued.certificatePem);
    const tls = await import('node:tls');
    process.stdout.write(typeof tls.default.createSecureContext);
  `;
  const register = join(root, 'tools/ts-register.mjs');
  const args = ['--no-warnings', '--import', register, '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'function', stderr: '' });
});

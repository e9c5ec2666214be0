import type { Io } from '../cli/io.js';
import { importForTenant } from './import-certificate.js';

const TENANT = '01a1fef6-82ed-7163-896e-c4e50366e884';
const KEY = `client:${'k'.repeat(43)}`;

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const texts: string[] = [];
  const keep = (text: string) => void texts.push(text);
  const io: Io = {
    out: keep,
    note: keep,
    readFile: () => Promise.resolve(Buffer.from('p12')),
    writeFile: () => Promise.resolve(),
    readInput: () => Promise.resolve(Buffer.alloc(0)),
    askSecret: () => Promise.resolve(null),
    now: new Date(0),
  };
  return { code: await importForTenant(args, env, io), text: texts.join('') };
}

const WHOLE = ['--tenant', TENANT, '--p12', 'ana.p12'];
const SIGNER = { SIGN_URL: 'http://127.0.0.1:1', SERVICE_KEY_OUT_SIGN: KEY };

test.each([
  [[], {}, 2, '--tenant'],
  [['--tenant', 'x', '--p12', 'ana.p12'], {}, 2, '--tenant'],
  [['--tenant', TENANT], {}, 2, '--p12'],
  [WHOLE, {}, 78, 'SIGN_URL'],
  [WHOLE, { SIGN_URL: SIGNER.SIGN_URL }, 78, 'SERVICE_KEY_OUT_SIGN'],
  [WHOLE, SIGNER, 2, '--password-file'],
  [['--help'], {}, 0, '--password-file'],
] as const)('%j with %j ends with %d and tells %s', async (args, env, code, told) => {
  expect(await run(args, env)).toEqual({ code, text: expect.stringContaining(told) });
});

test('a signer that is away is told, without the key', async () => {
  const { code, text } = await run([...WHOLE, '--password-file', 'clave'], SIGNER);
  expect(code).toBe(1);
  expect(text).not.toContain(KEY);
});

import { BootError } from '@getupnet/platform';
import { CliError } from './io.js';
import { perform } from './perform.js';

const fileError = (code: string, path: string): Error =>
  Object.assign(new Error(`${code}: of Node`), { code, path, syscall: 'open' });

async function told(error: Error): Promise<{ code: number; note: string }> {
  let note = '';
  const io = { note: (text: string) => void (note += text) };
  return { code: await perform(io, () => Promise.reject(error)), note };
}

test.each([
  ['ENOENT', 'no existe'],
  ['EACCES', 'no hay permiso para abrirlo'],
  ['EISDIR', 'es un directorio'],
  ['ENOTDIR', 'no es un directorio'],
  ['ENOSPC', 'no queda espacio en el disco'],
])('%s of a file is a line in Spanish', async (code, reason) => {
  const note = `No se pudo usar «/kit»: ${reason}.\n`;
  expect(await told(fileError(code, '/kit'))).toEqual({ code: 2, note });
});

test('any other error is told with its stack', async () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' });
  for (const error of [refused, fileError('EIO', '/kit'), new Error('a bug')]) {
    expect(await told(error)).toEqual({ code: 1, note: `${error.stack}\n` });
  }
});

test('what the person can mend, and variables, are told as they are', async () => {
  expect(await told(new CliError('Falta --out.'))).toEqual({ code: 2, note: 'Falta --out.\n' });
  const boot = await told(new BootError('SIGN_URL: is required'));
  expect(boot).toEqual({ code: 78, note: expect.stringContaining('  - SIGN_URL: is required\n') });
});

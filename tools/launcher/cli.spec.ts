import { readFlags } from './cli.js';

test('knows its flags', () => {
  expect(readFlags(['--once', '-h'])).toEqual({ once: true, json: false, help: true });
});

test.each([
  ['--hlep', 'Opción desconocida: --hlep. ¿Quiso decir «--help»?\nPruebe con --help.'],
  ['--once=yes', 'Opción desconocida: --once=yes.'],
  ['demo', 'Opción desconocida: demo.'],
])('%s is told, not ignored', (flag, text) => {
  expect(() => readFlags(['--json', flag])).toThrow(text);
});

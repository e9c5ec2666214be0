import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crashPointNames } from '@getupnet/platform';

const root = join(import.meta.dirname, '../..');
const filesIn = (dir: string, ext: RegExp): string[] =>
  readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((name) => ext.test(name))
    .map((name) => join(dir, name));
const withoutComments = (text: string): string => text.replaceAll(/\/\*[^]*?\*\//g, '');
const CALL = /crashPoint\(\s*'([a-z_.]+)'\s*,?\s*\)/g;

describe('crash points', () => {
  const sources = filesIn('libs', /(?<!\.spec|\.d)\.ts$/)
    .filter((name) => !name.includes('node_modules') && !name.includes('src/faults/'))
    .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
  const placed = sources.flatMap(({ text }) => [...text.matchAll(CALL)].map(([, name]) => name));

  test('every name is placed somewhere in the code', () => {
    expect(crashPointNames.filter((name) => !placed.includes(name))).toEqual([]);
  });

  test('each stands behind the constant that takes it out of an ordinary build', () => {
    const guarded = /if \(CRASH_POINTS( && [^{;]+)?\) await crashPoint\(/g;
    for (const { name, text } of sources) {
      const calls = [...text.matchAll(CALL)].length;
      expect([name, [...text.matchAll(guarded)].length]).toEqual([name, calls]);
    }
  });

  test('an ordinary build contains none of them', () => {
    const found = filesIn('dist', /\.js$/).filter((name) => {
      if (/^dist\/(tools\/faults|bench)\//.test(name)) return false;
      const text = withoutComments(readFileSync(join(root, name), 'utf8'));
      const isDefinition = name.endsWith('platform/src/faults/crash-point.js');
      const calls = [...text.matchAll(/\bcrashPoint\(/g)].length - (isDefinition ? 1 : 0);
      const names = crashPointNames.some((point) => text.includes(`'${point}'`));
      return calls > 0 || names || /\bCRASH_POINTS\b|process\.env.*CRASH_/.test(text);
    });
    expect(existsSync(join(root, 'dist/libs/platform/src/faults/crash-point.js'))).toBe(true);
    expect(found).toEqual([]);
  });
});

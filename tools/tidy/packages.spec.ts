import { basename, dirname, join } from 'node:path';
import {
  hookScripts,
  lockFaults,
  looseVersions,
  type LockedPackages,
  type Manifest,
} from './packages.js';
import { readText, repositoryPaths } from './repository.js';

/** Each has an installation of its own. */
const INSTALLATIONS = ['.', 'tools/real-client'];

describe.each(INSTALLATIONS)('SUP-1 what we install in %s', (home) => {
  const manifest = JSON.parse(readText(join(home, 'package.json'))) as Manifest;
  const lock = JSON.parse(readText(join(home, 'package-lock.json'))) as {
    packages: LockedPackages;
  };

  test('is pinned exactly', () => {
    expect(looseVersions(manifest)).toEqual([]);
  });

  test('is locked completely, with checksums', () => {
    expect(lockFaults(manifest, lock.packages)).toEqual([]);
  });

  test('runs no script at install', () => {
    expect(readText(join(home, '.npmrc'))).toMatch(/^ignore-scripts=true$/m);
    expect(hookScripts(manifest)).toEqual([]);
  });

  test('is published under the licence of the file LICENSE', () => {
    expect(manifest.license).toBe('Apache-2.0');
    expect(readText('LICENSE')).toMatch(/^\s*Apache License\n\s*Version 2\.0/);
  });
});

test('every lock belongs to an installation named here', () => {
  const locks = repositoryPaths().filter((path) => basename(path) === 'package-lock.json');
  expect(locks.map(dirname).sort()).toEqual([...INSTALLATIONS].sort());
});

test('ranges and tags are found', () => {
  const found = looseVersions({
    dependencies: { a: '^1.0.0', b: '1.2.3', c: 'latest', d: '1.0.0-beta.17' },
    devDependencies: { e: '~2.0.0', f: 'file:stubs/f', g: 'file:../../elsewhere' },
  });
  expect(found).toEqual(['a: ^1.0.0', 'c: latest', 'e: ~2.0.0', 'g: file:../../elsewhere']);
});

test('hooks are found', () => {
  const scripts = { test: '', pretest: '', postinstall: '', preview: '' };
  expect(hookScripts({ scripts })).toEqual(['pretest', 'postinstall']);
});

test('a package of the repository is locked as a link to it', () => {
  const manifest = { dependencies: { a: 'file:stubs/a' } };
  const link = { link: true, resolved: 'stubs/a' };
  expect(lockFaults(manifest, { 'node_modules/a': link, 'stubs/a': {} })).toEqual([]);
  expect(lockFaults(manifest, { 'node_modules/a': { ...link, resolved: 'b' } })).toHaveLength(1);
  expect(lockFaults(manifest, { 'node_modules/a': { version: '1.0.0' } })).toHaveLength(2);
});

test('holes in a lock are found', () => {
  const found = lockFaults(
    { dependencies: { a: '1.0.0', b: '2.0.0' } },
    {
      '': {},
      'node_modules/a': {
        version: '1.0.0',
        integrity: 'x',
        dependencies: { c: '*', d: '*' },
        optionalDependencies: { 'a-darwin': '1.0.0' },
      },
      'node_modules/a/node_modules/c': { version: '1.0.0', dependencies: { d: '*' } },
      'node_modules/b': { version: '2.0.1', integrity: 'x' },
      'node_modules/d': { version: '1.0.0', optional: true, os: ['darwin'] },
    },
  );
  expect(found).toEqual([
    'b is not locked at the version of package.json',
    'node_modules/a needs a-darwin, which is not locked',
    'node_modules/a/node_modules/c has no integrity',
  ]);
});

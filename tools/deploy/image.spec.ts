import { dirname, join } from 'node:path/posix';
import { readFiles, readText } from '../tidy/repository.js';

const COPIED = /^COPY --from=build \/app\/dist\/(\S+) \.\/dist\/\1$/gm;
const NAMED = /\bdist\/(tools\/[\w-]+)\//g;
const IMPORTED = /(?:from |import\(?)'(\.\.?\/[^']+)'/g;
/** What an operator reads, and what starts containers. */
const TOLD = /^(docs\/.*\.md|README\.md|docker-compose\.yml|deploy\/.*\.(yml|md))$/;
const ONLY_FOR_TESTS = /\.spec\.ts$|\/testing\//;

/** Directories of dist/ the image has. */
const copied = [...readText('deploy/Dockerfile').matchAll(COPIED)].map(([, path]) => path ?? '');
const tools = copied.filter((path) => path.startsWith('tools/'));

function isInImage(path: string): boolean {
  return copied.some((directory) => path.startsWith(`${directory}/`));
}

test('has the services, the libraries and some tools', () => {
  expect(copied).toEqual(expect.arrayContaining(['libs', 'apps', 'tools/migrate']));
});

test('has every tool that somebody is told to run in a container', () => {
  const told = readFiles(TOLD).flatMap(({ path, text }) =>
    [...text.matchAll(NAMED)].map(([, tool]) => ({ path, tool: tool ?? '' })),
  );
  expect(told.map(({ tool }) => tool)).toContain('tools/platform-admin');
  expect(told.filter(({ tool }) => !copied.includes(tool))).toEqual([]);
});

test.each(tools)('has what %s imports', (tool) => {
  const files = readFiles(new RegExp(`^${tool}/.*\\.ts$`)).filter(
    ({ path }) => !ONLY_FOR_TESTS.test(path),
  );
  expect(files.map(({ path }) => path)).not.toEqual([]);
  const missing = files.flatMap(({ path, text }) =>
    [...text.matchAll(IMPORTED)]
      .map(([, specifier]) => join(dirname(path), specifier ?? ''))
      .filter((target) => !isInImage(target))
      .map((target) => `${path} imports ${target}`),
  );
  expect(missing).toEqual([]);
});

import { aliases } from '../aliases.mjs';
import { foreignFiles, misnamed, oversized, projectFaults, strayFixtures } from './layout.js';
import { readFiles, repositoryPaths } from './repository.js';

const lines = (count: number): string => 'x\n'.repeat(count);

describe('sizes', () => {
  test('every file can be read in one go', () => {
    expect(oversized(readFiles(/\.(ts|mjs|md)$/))).toEqual([]);
  });

  test.each([
    ['libs/ecf/src/a.ts', 400],
    ['libs/ecf/src/a.data.ts', 800],
    ['libs/ecf/src/a.int.spec.ts', 800],
    ['libs/ecf/README.md', 40],
    ['docs/ARCHITECTURE.md', 300],
  ])('%s may have %i lines and no more', (path, most) => {
    expect(oversized([{ path, text: lines(most) }])).toEqual([]);
    expect(oversized([{ path, text: lines(most + 1) }])).toHaveLength(1);
  });
});

describe('names', () => {
  test('files are kebab-case.kind.ts', () => {
    expect(misnamed(repositoryPaths())).toEqual([]);
  });

  test('others are found', () => {
    expect(misnamed(['a/FooBar.ts', 'a/foo_bar.ts', 'a/foo-bar.int.spec.ts'])).toHaveLength(2);
  });
});

describe('what is not ours to publish', () => {
  test('is not here', () => {
    expect(foreignFiles(repositoryPaths())).toEqual([]);
  });

  test('would be found', () => {
    const planted = [
      'docs/norma.pdf',
      'libs/ecf/src/e-CF 31.xsd',
      'a.P12',
      'docs/reference/xsd/31.xsd',
    ];
    expect(foreignFiles(planted)).toEqual(planted.slice(0, 3));
  });
});

describe('projects', () => {
  const project = (root: string, tags: readonly string[]) => ({
    path: `${root}/project.json`,
    text: JSON.stringify({ name: 'x', root, tags }),
  });

  test('each has one layer, and each lib its README and alias', () => {
    const files = readFiles(/^(apps|libs)\/.*(project\.json|README\.md|src\/.*\.ts)$/);
    expect(projectFaults(files, aliases())).toEqual([]);
  });

  test('faults are found', () => {
    const found = projectFaults(
      [
        project('apps/one', ['type:app', 'type:feature']),
        project('apps/two', ['type:unheard-of']),
        { path: 'libs/features/three/src/index.ts', text: '' },
      ],
      { '@getupnet/four': 'libs/four/src/index.ts' },
    );
    expect(found).toEqual([
      'apps/one/project.json: needs exactly one known type: tag',
      'apps/two/project.json: needs exactly one known type: tag',
      'libs/features/three: has no project.json',
      'libs/features/three: has no README.md',
      'libs/features/three: no alias in tsconfig.base.json',
      'tsconfig.base.json: @getupnet/four points at libs/four/src/index.ts, which is absent',
    ]);
  });

  test('fixtures that must fail lint lie where lint looks for them', () => {
    expect(strayFixtures(repositoryPaths())).toEqual([]);
    expect(strayFixtures(['libs/a/src/b.must-fail.ts'])).toHaveLength(1);
  });
});

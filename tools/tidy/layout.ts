import { basename, dirname } from 'node:path';
import { linesOf, type RepositoryFile } from './repository.js';

const MAX_LINES = 400;
/** Tables of data and tests are read by looking up, not from top to bottom. */
const MAX_LINES_DATA = 800;
const MAX_README_LINES = 40;
const MAX_ARCHITECTURE_LINES = 300;

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.(ts|mjs)$/;

/** Tags of eslint.config.mjs; every project has exactly one of them. */
export const LAYERS = [
  'kernel',
  'domain',
  'contract',
  'platform',
  'adapter',
  'feature',
  'app',
  'simulator',
  'testkit',
  'e2e',
  'tool',
] as const;

/** Files that are too long to be read in one go. */
export function oversized(files: readonly RepositoryFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const limit = limitOf(path);
    const lines = linesOf(text).length;
    return lines > limit ? [`${path}: ${lines} lines, at most ${limit}`] : [];
  });
}

function limitOf(path: string): number {
  if (/\.(spec|data)\.ts$/.test(path)) return MAX_LINES_DATA;
  if (/\.(ts|mjs)$/.test(path)) return MAX_LINES;
  if (path === 'docs/ARCHITECTURE.md') return MAX_ARCHITECTURE_LINES;
  return /^(apps|libs)\/.*README\.md$/.test(path) ? MAX_README_LINES : Infinity;
}

/** Source files whose name is not kebab-case.kind.ts. */
export function misnamed(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => /\.(ts|mjs)$/.test(path) && !KEBAB.test(basename(path)));
}

/** Files that must never be here: the authority's originals, keys, office documents. */
export function foreignFiles(paths: readonly string[]): readonly string[] {
  return paths.filter(
    (path) =>
      /\.(pdf|xlsx?|docx?|zip|p12|pfx|pem|key|jks)$/i.test(path) ||
      (/\.xsd$/i.test(path) && !path.startsWith('docs/reference/xsd/')),
  );
}

/** What is wrong with the projects: their file, their tag, their README, their alias. */
export function projectFaults(
  files: readonly RepositoryFile[],
  aliases: Readonly<Record<string, string>>,
): readonly string[] {
  const paths = new Set(files.map(({ path }) => path));
  const homes = new Set(
    [...paths].flatMap((path) => /^(apps\/[^/]+|libs\/(features\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  homes.delete('libs/features');
  const faults = [...homes].flatMap((home) => {
    const project = files.find(({ path }) => path === `${home}/project.json`);
    return [
      ...(project ? projectFileFaults(home, project) : [`${home}: has no project.json`]),
      ...(home.startsWith('libs/') ? libFaults(home, paths, aliases) : []),
    ];
  });
  const lost = Object.entries(aliases)
    .filter(([, target]) => !paths.has(target))
    .map(([alias, target]) => `tsconfig.base.json: ${alias} points at ${target}, which is absent`);
  return [...faults, ...lost];
}

function projectFileFaults(home: string, { path, text }: RepositoryFile): readonly string[] {
  const project = JSON.parse(text) as { name?: string; root?: string; tags?: readonly string[] };
  const layers = (project.tags ?? []).filter((tag) => tag.startsWith('type:'));
  const known = LAYERS.some((layer) => layers[0] === `type:${layer}`);
  return [
    ...(project.root === home ? [] : [`${path}: root is not ${home}`]),
    ...(layers.length === 1 && known ? [] : [`${path}: needs exactly one known type: tag`]),
  ];
}

function libFaults(
  home: string,
  paths: ReadonlySet<string>,
  aliases: Readonly<Record<string, string>>,
): readonly string[] {
  const index = `${home}/src/index.ts`;
  return [
    ...(paths.has(`${home}/README.md`) ? [] : [`${home}: has no README.md`]),
    ...(paths.has(index) ? [] : [`${home}: has no src/index.ts`]),
    ...(Object.values(aliases).includes(index) ? [] : [`${home}: no alias in tsconfig.base.json`]),
  ];
}

/** Fixtures that must fail lint, outside the place where lint looks for them. */
export function strayFixtures(paths: readonly string[]): readonly string[] {
  return paths.filter(
    (path) => path.endsWith('.must-fail.ts') && dirname(path) !== 'tools/lint-fixture',
  );
}

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../aliases.mjs';

/** One file of the repository, path relative to its root. */
export interface RepositoryFile {
  readonly path: string;
  readonly text: string;
}

/** What is made on a machine and never committed; the same names as in .gitignore. */
const MADE = new Set([
  '.git',
  'node_modules',
  'dist',
  'dist-faults',
  '.data',
  '.nx',
  'coverage',
  'generated',
]);
const MADE_FILES = /(^|\/)\.env$|\.log$/;

/** Paths of all files, sorted. */
export function repositoryPaths(): readonly string[] {
  return walk('').filter((path) => !MADE_FILES.test(path));
}

function walk(dir: string): string[] {
  return readdirSync(join(root, dir), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = dir === '' ? entry.name : `${dir}/${entry.name}`;
      if (entry.isDirectory()) return MADE.has(entry.name) ? [] : walk(path);
      return entry.isFile() ? [path] : [];
    });
}

/** The files whose path matches, with their text. */
export function readFiles(pattern: RegExp): readonly RepositoryFile[] {
  return repositoryPaths()
    .filter((path) => pattern.test(path))
    .map((path) => ({ path, text: readText(path) }));
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Lines of a text; the line break at its end begins no further line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

// The one list of workspace aliases is tsconfig.base.json; build and tests read it from there.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Alias → source file, relative to the root, without leading "./". */
export function aliases() {
  const base = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(base.compilerOptions.paths).map(([alias, [target]]) => [
      alias,
      target.replace(/^\.\//, ''),
    ]),
  );
}

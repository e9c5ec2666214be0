import { BANNED_TEXT } from './banned-text.data.js';
import { linesOf, type RepositoryFile } from './repository.js';

/** `path:line` and the replacement, for each line that holds banned text. */
export function findBannedText(files: readonly RepositoryFile[]): readonly string[] {
  return files.flatMap(({ path, text }) => {
    const rules = BANNED_TEXT.filter(
      ({ within, except }) => within.test(path) && except?.test(path) !== true,
    );
    return linesOf(text).flatMap((line, index) =>
      rules
        .filter(({ pattern }) => pattern.test(line))
        .map(({ pattern, instead }) => {
          const found = pattern.exec(line)?.[0].trim() ?? '';
          return `${path}:${index + 1} «${found}»; instead: ${instead}`;
        }),
    );
  });
}

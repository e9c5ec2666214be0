import type { RepositoryFile } from './repository.js';

const THROWN = /\bnew AppError\(\s*'([^']+)'/g;
const COMPARED = /\bisAppError\([^,()]+,\s*'([^']+)'\s*\)/g;
const NAMED = /\bproblem: '([^']+)'/g;

/** Problem codes that code spells out but the catalogue does not have. */
export function unknownProblemCodes(
  files: readonly RepositoryFile[],
  isKnown: (code: string) => boolean,
): readonly string[] {
  return files.flatMap(({ path, text }) =>
    [THROWN, COMPARED, NAMED]
      .flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
      .filter((code) => !isKnown(code))
      .map((code) => `${path}: ${code}`),
  );
}

/** Parameters a problem's text asks for: `{name}`. */
export function placeholders(detail: string): readonly string[] {
  return [...detail.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

/**
 * Throws that leave a `{name}` of the problem's text unfilled. Only what can be read off: a code in
 * quotes and parameters written on the spot.
 */
export function unfilledProblems(
  files: readonly RepositoryFile[],
  detailOf: (code: string) => string | undefined,
): readonly string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(THROWN)].flatMap((match) => {
      const code = match[1] ?? '';
      const given = parametersAt(text, match.index + match[0].length);
      if (given === undefined) return [];
      return placeholders(detailOf(code) ?? '')
        .filter((name) => !new RegExp(`[{,]\\s*${name}\\s*[:,}]`).test(given))
        .map((name) => `${path}: ${code} without ${name}`);
    }),
  );
}

/** The object literal that follows a code, `{}` where the call ends; undefined for anything else. */
function parametersAt(text: string, from: number): string | undefined {
  const rest = /^\s*(?:,\s*)?([\s\S])/.exec(text.slice(from));
  if (rest?.[1] === ')') return '{}';
  if (rest?.[1] !== '{') return undefined;
  const start = from + rest[0].length - 1;
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return text.slice(start, at + 1);
  }
  return undefined;
}

import { dirname, normalize } from 'node:path/posix';
import { linesOf, type RepositoryFile } from './repository.js';

const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;
const EXTERNAL = /^(https?:|mailto:)/;

/** Relative links of Markdown files that lead to no file, or to no heading of one. */
export function brokenLinks(
  documents: readonly RepositoryFile[],
  paths: ReadonlySet<string>,
): readonly string[] {
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  return documents.flatMap(({ path, text }) =>
    linksOf(text)
      .filter((target) => !EXTERNAL.test(target) && !leads(path, target, paths, texts))
      .map((target) => `${path}: ${target}`),
  );
}

function linksOf(markdown: string): readonly string[] {
  return [...prose(markdown).matchAll(LINK)].map((match) => match[1] ?? '');
}

function leads(
  from: string,
  target: string,
  paths: ReadonlySet<string>,
  texts: ReadonlyMap<string, string>,
): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : normalize(`${dirname(from)}/${file}`).replace(/\/$/, '');
  const isDirectory = [...paths].some((known) => known.startsWith(`${path}/`));
  if (!paths.has(path) && !isDirectory) return false;
  if (anchor === undefined || !texts.has(path)) return true;
  return anchorsOf(texts.get(path) ?? '').has(anchor);
}

/** As GitHub makes them: lower case, punctuation dropped, blanks to hyphens. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = linesOf(prose(markdown)).filter((line) => /^#{1,6} /.test(line));
  return new Set(
    headings.map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

/** Without fenced blocks and code spans, which may look like links and headings. */
function prose(markdown: string): string {
  return markdown
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.slice(1, -1));
}

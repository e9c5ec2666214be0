import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import { PAGE_POLICY } from '@getupnet/platform';

/** Directory of Bull Board's own pages. */
export const UI_ROOT = dirname(
  createRequire(import.meta.url).resolve('@bull-board/ui/package.json'),
);

export interface BoardFile {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

/** The page has a base address, since its own links are relative to it. */
export const BOARD_POLICY = PAGE_POLICY.replace("base-uri 'none'", "base-uri 'self'");

/** Files below `static/`, by their path there; only what is in the list is ever read. */
export class BoardFiles {
  readonly #root = join(UI_ROOT, 'dist');
  readonly #names: ReadonlySet<string>;

  constructor() {
    const statics = join(this.#root, 'static');
    const entries = readdirSync(statics, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in TYPES);
    this.#names = new Set(
      files.map((entry) =>
        relative(statics, join(entry.parentPath, entry.name)).split(sep).join('/'),
      ),
    );
  }

  read(name: string): BoardFile | undefined {
    if (!this.#names.has(name)) return undefined;
    const type = TYPES[extname(name)] ?? 'application/octet-stream';
    return { type, bytes: readFileSync(join(this.#root, 'static', name)) };
  }

  /** Bull Board's entry without what it has inline and without the fonts of another host. */
  page(uiConfig: object): string {
    const entry = readFileSync(join(this.#root, 'index.ejs'), 'utf8');
    const named = (pattern: RegExp): string[] =>
      [...entry.matchAll(pattern)].map(([, file = '']) => file).filter(Boolean);
    const styles = named(/href="(static\/css\/[\w.-]+\.css)"/g);
    const scripts = named(/src="(static\/js\/[\w.-]+\.js)"/g);
    const config = JSON.stringify(uiConfig).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
    return `<!doctype html>
<html lang="es" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<base href="/queues/">
<title>Colas · GetUpNet e-CF</title>
<link rel="icon" type="image/svg+xml" id="fav-logo" href="static/images/logo.svg">
${styles.map((file) => `<link href="${file}" rel="stylesheet">`).join('\n')}
</head>
<body class="preload">
<script id="__UI_CONFIG__" type="application/json">${config}</script>
<div id="root"></div>
${scripts.map((file) => `<script defer src="${file}"></script>`).join('\n')}
</body>
</html>
`;
  }
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../../', import.meta.url);

/** Compiled `main.js` of an app; `npm test` compiles before it tests. */
export function compiledEntry(app: string): string {
  const path = fileURLToPath(new URL(`dist/apps/${app}/src/main.js`, ROOT));
  if (!existsSync(path)) throw new Error(`${path} is missing: run «npm run build» first`);
  return path;
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
};

/** A file that browsers get as it is. */
export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

const read = new Map<string, Asset>();
const require = createRequire(import.meta.url);

/** One of the simulator's own files (apps/dgii-simulator/assets), by a name our code gives. */
export function ownAsset(name: string): Asset {
  return assetAt(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)));
}

/** One of Swagger UI's files, from its package: pages work without internet. */
export function swaggerAsset(name: string): Asset {
  return assetAt(require.resolve(`swagger-ui-dist/${name}`));
}

/** Read once; the names are a handful, so this stays small. */
function assetAt(path: string): Asset {
  const known = read.get(path);
  if (known !== undefined) return known;
  const extension = path.slice(path.lastIndexOf('.') + 1);
  const asset = {
    type: TYPES[extension] ?? 'application/octet-stream',
    bytes: readFileSync(path),
  };
  read.set(path, asset);
  return asset;
}

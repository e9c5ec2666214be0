// Lets plain Node import the workspace's TypeScript: node --import ./tools/ts-register.mjs file.ts.
// For tools that run before or without a build (the test database, benches of one file).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transform } from '@swc/core';
import { aliases, root } from './aliases.mjs';

const swc = JSON.parse(readFileSync(join(root, 'tools/swc.json'), 'utf8'));
const targets = new Map(
  Object.entries(aliases()).map(([alias, file]) => [alias, pathToFileURL(join(root, file)).href]),
);

/** `crashPoints`: as in the build for fault tests, see libs/platform/src/faults. */
export function initialize(data) {
  if (data?.crashPoints) swc.jsc.transform.optimizer.globals.vars.CRASH_POINTS = 'true';
}

export async function resolve(specifier, context, next) {
  const target = targets.get(specifier);
  if (target !== undefined) return { url: target, shortCircuit: true };
  if (/^\.{1,2}\//.test(specifier) && specifier.endsWith('.js')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!/^file:[^?]*\.ts(\?|$)/.test(url)) return next(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(readFileSync(filename, 'utf8'), {
    ...swc,
    swcrc: false,
    filename,
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

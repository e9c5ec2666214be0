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

let mutant;

/**
 * `crashPoints`: as in the build for fault tests, see libs/platform/src/faults. `mutant`: a change of
 * one file's text, see tools/mutants.
 */
export function initialize(data) {
  if (data?.crashPoints) swc.jsc.transform.optimizer.globals.vars.CRASH_POINTS = 'true';
  if (data?.mutant?.file !== undefined) mutant = data.mutant;
}

function sourceOf(filename) {
  const source = readFileSync(filename, 'utf8');
  if (mutant === undefined || filename !== join(root, mutant.file)) return source;
  if (source.split(mutant.from).length !== 2)
    throw new Error(`mutant not applied: no such text once: ${mutant.from}`);
  return source.replace(mutant.from, () => mutant.to);
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
  const { code } = await transform(sourceOf(filename), {
    ...swc,
    swcrc: false,
    filename,
    module: { type: 'es6' },
    sourceMaps: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}

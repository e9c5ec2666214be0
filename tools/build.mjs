#!/usr/bin/env node
// Compiles apps, libs, tools and bench to dist/ (swc, well under a second), after generating the
// database client when the schema changed. Prints nothing when all goes well. With --faults: to
// dist-faults/, with the crash points (libs/platform/src/faults) that dist/ does not contain.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { aliases, root } from './aliases.mjs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(
    `GetUpNet e-CF necesita Node.js 20.11 o posterior (esta máquina tiene ${process.versions.node}).\n` +
      'Instale una versión vigente desde https://nodejs.org y repita el comando.',
  );
  process.exit(78);
}
if (!existsSync(join(root, 'node_modules/@swc/core'))) {
  console.error('Faltan las dependencias: ejecute primero «npm ci».');
  process.exit(78);
}

function run(args, env = {}) {
  const result = spawnSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout}${result.stderr}`);
    process.exit(result.status ?? 1);
  }
}

function generateDatabaseClient() {
  const schemaDir = join(root, 'prisma/schema');
  if (!existsSync(schemaDir)) return;
  const hash = createHash('sha256');
  for (const name of readdirSync(schemaDir).sort()) {
    hash.update(name).update(readFileSync(join(schemaDir, name)));
  }
  hash.update(readFileSync(join(root, 'node_modules/prisma/package.json')));
  const digest = hash.digest('hex');
  const generated = join(root, 'libs/persistence/src/generated');
  const stamp = join(generated, '.schema-sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  run([join(root, 'node_modules/prisma/build/index.js'), 'generate', '--no-hints']);
  mkdirSync(generated, { recursive: true });
  writeFileSync(stamp, digest);
}

function compile() {
  const swcrc = JSON.parse(readFileSync(join(root, 'tools/swc.json'), 'utf8'));
  swcrc.jsc.baseUrl = root;
  swcrc.jsc.paths = Object.fromEntries(
    Object.entries(aliases()).map(([alias, file]) => [alias, [`./${file}`]]),
  );
  const faults = process.argv.includes('--faults');
  if (faults) swcrc.jsc.transform.optimizer.globals.vars.CRASH_POINTS = 'true';
  const dist = join(root, faults ? 'dist-faults' : 'dist');
  mkdirSync(dist, { recursive: true });
  const fresh = mkdtempSync(join(dist, '.fresh-'));
  const config = join(fresh, '.swcrc.json');
  const sources = ['apps', 'libs', 'tools', 'bench'].filter((dir) => existsSync(join(root, dir)));
  writeFileSync(config, JSON.stringify(faults ? swcrc : withoutCrashPoints(swcrc, sources)));
  run([
    join(root, 'node_modules/@swc/cli/bin/swc.js'),
    ...sources,
    '-d',
    fresh,
    '--config-file',
    config,
    '--no-swcrc',
    '--quiet',
    '--ignore',
    '**/*.spec.ts,**/*.d.ts,**/*.must-fail.ts,**/*.mjs,**/node_modules/**',
  ]);
  copyAssets(fresh);
  for (const dir of sources) replaceTree(join(fresh, dir), join(dist, dir));
  writeIfChanged(join(dist, 'package.json'), Buffer.from('{"type":"module"}\n'));
  rmSync(fresh, { recursive: true, force: true });
}

/** Drops `if (CRASH_POINTS) …` and what it alone needs; other files are left as they are written. */
function withoutCrashPoints(swcrc, sources) {
  const files = sources
    .flatMap((dir) =>
      readdirSync(join(root, dir), { recursive: true }).map((name) => join(dir, name)),
    )
    .filter((name) => /(?<!\.spec|\.d)\.ts$/.test(name) && !name.includes('node_modules'))
    .filter((name) => readFileSync(join(root, name), 'utf8').includes('CRASH_POINTS'));
  if (files.length === 0) return swcrc;
  const test = files.map((name) => `${name.replaceAll('.', '\\.')}$`);
  const simplified = structuredClone(swcrc);
  simplified.jsc.transform.optimizer.simplify = true;
  return [
    { ...simplified, test },
    { ...swcrc, exclude: test },
  ];
}

/** Files that browsers get as they are: style sheets and scripts in an app's `assets`. */
function copyAssets(fresh) {
  for (const app of readdirSync(join(root, 'apps'))) {
    const from = join(root, 'apps', app, 'assets');
    if (existsSync(from)) cpSync(from, join(fresh, 'apps', app, 'assets'), { recursive: true });
  }
}

/**
 * Makes `target` equal to `source`, touching only what differs: a process that runs from dist, or
 * another build at the same time, never finds a file missing that belongs there.
 */
function replaceTree(source, target) {
  mkdirSync(target, { recursive: true });
  const wanted = new Set(readdirSync(source));
  for (const name of wanted) {
    const from = join(source, name);
    if (statSync(from).isDirectory()) replaceTree(from, join(target, name));
    else writeIfChanged(join(target, name), readFileSync(from));
  }
  for (const name of readdirSync(target)) {
    if (!wanted.has(name)) rmSync(join(target, name), { recursive: true, force: true });
  }
}

function writeIfChanged(path, bytes) {
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  writeFileSync(path, bytes);
}

generateDatabaseClient();
if (!process.argv.includes('--generate-only')) compile();

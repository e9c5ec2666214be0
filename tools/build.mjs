#!/usr/bin/env node
// Compiles apps, libs, tools and bench to dist/ (swc, well under a second), after generating the
// database client when the schema changed. Prints nothing when all goes well.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  mkdirSync(join(root, 'dist'), { recursive: true });
  const config = join(root, 'dist/.swcrc.json');
  writeFileSync(config, JSON.stringify(swcrc));
  for (const dir of ['apps', 'libs', 'tools', 'bench']) {
    rmSync(join(root, 'dist', dir), { recursive: true, force: true });
  }
  const sources = ['apps', 'libs', 'tools', 'bench'].filter((dir) => existsSync(join(root, dir)));
  run([
    join(root, 'node_modules/@swc/cli/bin/swc.js'),
    ...sources,
    '-d',
    'dist',
    '--config-file',
    config,
    '--no-swcrc',
    '--quiet',
    '--ignore',
    '**/*.spec.ts,**/*.must-fail.ts,**/*.mjs',
  ]);
  writeFileSync(join(root, 'dist/package.json'), '{"type":"module"}\n');
}

generateDatabaseClient();
if (!process.argv.includes('--generate-only')) compile();

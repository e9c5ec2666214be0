#!/usr/bin/env node
// `npm run lint`: eslint over the repository, prettier, and the proof that the rules bite: each line
// of tools/lint-fixture/*.must-fail.ts breaks exactly the rules it names. Silent when all is well.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import { root } from './aliases.mjs';

const fixtures = join(root, 'tools/lint-fixture');
/** What a line breaks, at its end: `// expect rule#messageId other-rule`. */
const EXPECTATION = / \/\/ expect (.+)$/gm;
const scratch = mkdtempSync(join(tmpdir(), 'lint-'));

process.chdir(root);
try {
  await mustRun('tools/build.mjs', '--generate-only');
  // The boundary rule reads Nx's stored project graph; without one it checks nothing and says so
  // in a warning only.
  await mustRun('node_modules/nx/dist/bin/nx.js', 'graph', `--file=${join(scratch, 'graph.json')}`);
  const prettier = run(
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    '.',
    '--log-level=warn',
  );
  const clean = await lintRepository();
  const proven = await lintFixtures();
  const formatted = await prettier;
  if (formatted.code !== 0) process.stderr.write(`${formatted.output}Run npm run format.\n`);
  if (!clean || !proven || formatted.code !== 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}

async function lintRepository() {
  const eslint = new ESLint();
  const results = await eslint.lintFiles(['.']);
  const formatter = await eslint.loadFormatter('stylish');
  process.stderr.write(await formatter.format(results));
  return results.every(({ errorCount, warningCount }) => errorCount + warningCount === 0);
}

/** Every fixture is linted as if it were the file its first line names, types included. */
async function lintFixtures() {
  const eslint = new ESLint({
    overrideConfig: {
      // Otherwise, in CI, the types and the text would be those of the file on disk.
      languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } },
    },
  });
  const wrong = [];
  for (const name of readdirSync(fixtures).sort()) {
    const text = readFileSync(join(fixtures, name), 'utf8');
    const filePath = /^\/\/ Linted as (\S+)\n/.exec(text)?.[1];
    if (filePath === undefined) throw new Error(`${name}: its first line names no file`);
    const code = text.replace(EXPECTATION, '');
    const [result] = await eslint.lintText(code, { filePath: join(root, filePath) });
    wrong.push(...differences(text, result.messages).map((line) => `${name}:${line}`));
  }
  if (wrong.length === 0) return true;
  process.stderr.write('Rules that do not do what tools/lint-fixture says:\n');
  for (const line of wrong) process.stderr.write(`  ${line}\n`);
  return false;
}

/** What each line says it breaks against what eslint said of it. */
function differences(text, messages) {
  return text.split('\n').flatMap((source, index) => {
    const found = messages.filter(({ line }) => line === index + 1);
    const expected = ([...source.matchAll(EXPECTATION)][0]?.[1] ?? '').split(' ').filter(Boolean);
    const matches = (name, { ruleId, messageId }) =>
      name === ruleId || name === `${ruleId}#${messageId}`;
    const missing = expected.filter((name) => !found.some((message) => matches(name, message)));
    const extra = found.filter((message) => !expected.some((name) => matches(name, message)));
    return [
      ...missing.map((name) => `${index + 1} expected ${name}`),
      ...extra.map(
        ({ ruleId, messageId, message }) => `${index + 1} got ${ruleId}#${messageId}: ${message}`,
      ),
    ];
  });
}

async function mustRun(...args) {
  const { code, output } = await run(...args);
  if (code === 0) return;
  process.stderr.write(output);
  throw new Error(`${args[0]} ended with ${code}`);
}

function run(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}

// Drives the npm package dgii-ecf against the simulator and says of each step whether it went well.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openClient } from './client.mjs';
import { RunError, issueP12, startSimulator } from './simulator.mjs';
import { stepsOf } from './steps.mjs';

const HELP = `npm run real-client — el paquete dgii-ecf, tal como se publica, contra el simulador.

  --simulator <url>  usa este simulador en marcha; si no, arranca uno en un puerto libre
  --json             un objeto JSON por paso
  --help             esta ayuda

Termina con 0 si todos los pasos fueron bien, con 1 si alguno falló, con 2 si no se pudo empezar.
`;

const scratch = mkdtempSync(join(tmpdir(), 'real-client-'));
let simulator = null;
try {
  process.exitCode = await main(flagsOf(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof RunError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
} finally {
  await simulator?.stop();
  rmSync(scratch, { recursive: true });
}

function flagsOf(args) {
  const options = {
    simulator: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  };
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new RunError(`${error.message}\nVea «npm run real-client -- --help».`);
  }
}

async function main({ simulator: given, json, help }) {
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  simulator = given === undefined ? await startSimulator() : null;
  const url = (given ?? simulator.url).replace(/\/+$/, '');
  const client = await openClient(url);
  const { file, password } = await issueP12(url, scratch);
  const certificate = new client.P12Reader(password).getKeyFromFile(file);
  const steps = stepsOf(client, certificate);
  const results = [];
  for (const step of steps) results.push(await perform(step));
  process.stdout.write(json ? results.map(jsonLine).join('') : table(results));
  return results.every(({ ok }) => ok) ? 0 : 1;
}

/** Runs a step; what the package writes to the console is shown only where it failed. */
async function perform({ name, work }) {
  const said = [];
  const { log, error: complain } = console;
  console.log = console.error = (...words) => void said.push(words.map(textOf).join(' '));
  const from = performance.now();
  try {
    const detail = await work();
    return { name, ok: true, detail, ms: Math.round(performance.now() - from) };
  } catch (error) {
    const ms = Math.round(performance.now() - from);
    return { name, ok: false, detail: textOf(error), ms, said };
  } finally {
    Object.assign(console, { log, error: complain });
  }
}

function textOf(value) {
  if (value instanceof Error) return value.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const jsonLine = (result) => `${JSON.stringify(result)}\n`;

function table(results) {
  const rows = results.map(({ name, ok, ms, detail }) => [
    ok ? 'bien ' : 'FALLA',
    name,
    ms,
    detail,
  ]);
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = rows.map(
    ([state, name, ms, detail]) =>
      `  ${state}  ${name.padEnd(width)}  ${String(ms).padStart(5)} ms  ${detail}\n`,
  );
  const said = results.flatMap(({ ok, said: words }) => (ok ? [] : words.slice(0, 5)));
  return [...lines, ...said.map((text) => `         ${text.slice(0, 500)}\n`)].join('');
}

// The simulator of this run, and a certificate of its authority: both through its own command line.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ENTRY = fileURLToPath(
  new URL('../../../dist/apps/dgii-simulator/src/main.js', import.meta.url),
);

/** Something the person at the terminal can mend. */
export class RunError extends Error {}

/** Starts a simulator that forgets everything; `stop` ends it. */
export async function startSimulator() {
  requireBuild();
  const child = spawn(process.execPath, [ENTRY, '--port', '0', '--temporary', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new RunError(`El simulador no arrancó (${code}).`)));
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url: JSON.parse(line).url, stop };
}

/** A P12 the simulator takes, in the directory, with its password. */
export async function issueP12(simulator, directory) {
  requireBuild();
  const file = join(directory, 'real-client.p12');
  const person = ['--holder', '00112345678', '--name', 'Cliente Real'];
  const args = ['issue-certificate', ...person, '--out', file, '--simulator', simulator, '--json'];
  const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0)
    throw new RunError('El simulador no emitió el certificado (arriba dice por qué).');
  return { file, password: JSON.parse(text).password };
}

function requireBuild() {
  if (!existsSync(ENTRY)) throw new RunError('Falta compilar: ejecute primero «npm run build».');
}

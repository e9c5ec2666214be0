#!/usr/bin/env node
// `npx dgii-check`: the compiled command, or what to do when there is none yet.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../../dist/tools/dgii-check/main.js', import.meta.url);
if (existsSync(fileURLToPath(main))) await import(main.href);
else {
  process.stderr.write('Falta compilar: ejecute primero «npm run build».\n');
  process.exitCode = 2;
}

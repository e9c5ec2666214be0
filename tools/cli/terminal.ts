import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { SystemClock } from '@getupnet/kernel';
import { errorFacts } from './error-facts.js';
import { because } from './file-fault.js';
import { CliError, EXIT, type Io } from './io.js';

/** The real terminal. */
export function terminal(): Io {
  process.stdout.on('error', endWithout);
  return {
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
    readFile: (path) => readFile(path).catch((error: unknown) => unreadable(path, error)),
    writeFile: (path, content) =>
      writeFile(path, content, 'utf8').catch((error: unknown) => unwritable(path, error)),
    readInput: () => buffer(process.stdin),
    askSecret,
    now: new SystemClock().now(),
  };
}

/** `ecf … | head`: the reader has had enough, which is no fault; a full disk is one. */
function endWithout(error: Error): void {
  if (errorFacts(error).code === 'EPIPE') return;
  process.stderr.write(`No se pudo escribir el resultado: ${because(error)}.\n`);
  process.exitCode = EXIT.misuse;
}

function unreadable(path: string, cause: unknown): never {
  throw new CliError(`No se pudo leer «${path}»: ${because(cause)}.`, undefined, { cause });
}

function unwritable(path: string, cause: unknown): never {
  throw new CliError(`No se pudo escribir «${path}»: ${because(cause)}.`, undefined, { cause });
}

const [ENTER, LINE_FEED, INTERRUPT, END, DELETE, BACKSPACE] = [
  '\r',
  '\n',
  '\u0003',
  '\u0004',
  '\u007f',
  '\b',
];

/** Reads a line from the keyboard in raw mode, so that nothing of it is shown. */
async function askSecret(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return null;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  try {
    let secret = '';
    for await (const typed of stdin as AsyncIterable<string>) {
      for (const key of typed) {
        if (key === ENTER || key === LINE_FEED || key === END) return secret;
        if (key === INTERRUPT) throw new CliError('Cancelado.');
        secret = key === DELETE || key === BACKSPACE ? secret.slice(0, -1) : secret + key;
      }
    }
    return secret;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

import { open } from 'node:fs/promises';
import { CliError } from '../cli/io.js';

const FIRST_WINDOW = 64 * 1024;
const LINE_FEED = 10;

/** Sequence of the last entry of an export; 0 where there is no such file, or nothing in it. */
export async function lastEntryOf(path: string): Promise<number> {
  const line = await lastLine(path);
  if (line === '') return 0;
  try {
    const { entry } = JSON.parse(line) as { readonly entry: string };
    const { seq } = JSON.parse(entry) as { readonly seq: unknown };
    if (typeof seq === 'number' && Number.isSafeInteger(seq)) return seq;
  } catch (error) {
    throw new CliError(`«${path}» no termina en una entrada de auditoría.`, undefined, {
      cause: error,
    });
  }
  throw new CliError(`«${path}» no termina en una entrada de auditoría.`);
}

/** Reads from the end, ever more until a whole line is in sight. */
async function lastLine(path: string): Promise<string> {
  const file = await open(path).catch(nullIfAbsent);
  if (file === null) return '';
  try {
    const { size } = await file.stat();
    for (let window = FIRST_WINDOW; ; window *= 2) {
      const length = Math.min(window, size);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      const end = buffer.at(-1) === LINE_FEED ? length - 1 : length;
      const start = end === 0 ? -1 : buffer.lastIndexOf(LINE_FEED, end - 1);
      if (start >= 0 || length === size) return buffer.toString('utf8', start + 1, end);
    }
  } finally {
    await file.close();
  }
}

function nullIfAbsent(error: unknown): null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return null;
  throw error;
}

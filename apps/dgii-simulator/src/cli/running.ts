import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT_FILE } from '../authority/authority-files.js';
import { ROOT_PATH } from '../authority/authority-routes.js';

/** Where a data directory's simulator answers while it runs. */
export const DEFAULT_DATA_DIR = '.data/dgii-simulator';

const FILE = 'running.json';
const PATIENCE_MS = 2_000;
const schema = z.object({ url: z.string(), pid: z.number() });

/** Leaves word of where the simulator answers, and takes it back. */
export async function announce(dataDir: string, url: string): Promise<() => Promise<void>> {
  const path = join(dataDir, FILE);
  await writeFile(path, `${JSON.stringify({ url, pid: process.pid })}\n`);
  return () => rm(path, { force: true });
}

/** Address of the simulator that runs on these data; null when none answers for them. */
export async function runningAt(dataDir: string): Promise<string | null> {
  try {
    const left = JSON.parse(await readFile(join(dataDir, FILE), 'utf8')) as unknown;
    const { url } = schema.parse(left);
    const root = await readFile(join(dataDir, ROOT_FILE), 'utf8');
    const answer = await fetch(url + ROOT_PATH, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return (await answer.text()) === root ? url : null;
  } catch {
    // No word left, nobody there, or somebody else: in each case no simulator of these data.
    return null;
  }
}

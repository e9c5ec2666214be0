import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
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
    return (await rootOf(url, root)) === root ? url : null;
  } catch {
    // No word left, nobody there, or somebody else: in each case no simulator of these data.
    return null;
  }
}

/** With --tls its certificate is of its own authority. */
async function rootOf(url: string, ca: string): Promise<string> {
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { body } = await request(url + ROOT_PATH, { dispatcher, signal });
    return await body.text();
  } finally {
    await dispatcher.close();
  }
}

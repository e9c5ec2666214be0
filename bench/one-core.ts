import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { NODE_OPTIONS } from '../tools/split/service-process.js';

/** Keeps this process and its threads on one core, so that time is CPU time; false without taskset. */
export function pinToOneCore(): boolean {
  const result = spawnSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)]);
  return result.status === 0;
}

export function unpin(): void {
  spawnSync('taskset', ['-a', '-p', '-c', '0-1023', String(process.pid)]);
}

/**
 * Runs one of this folder's programs by itself, as a service runs on a machine with one core: Node's
 * options of the image, and one thread for what libuv does behind.
 */
export function runOnOneCore(program: string): void {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const { status } = spawnSync(process.execPath, [...NODE_OPTIONS, path], {
    env,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}

import { spawnSync } from 'node:child_process';

/** Keeps this process and its threads on one core, so that time is CPU time; false without taskset. */
export function pinToOneCore(): boolean {
  const result = spawnSync('taskset', ['-a', '-p', '-c', '0', String(process.pid)]);
  return result.status === 0;
}

export function unpin(): void {
  spawnSync('taskset', ['-a', '-p', '-c', '0-1023', String(process.pid)]);
}

import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Milliseconds of processor time, by name of the process; empty where there is no /proc. */
export type CpuTimes = ReadonlyMap<string, number>;

const FIELDS = { parent: 1, user: 11, system: 12, endedUser: 13, endedSystem: 14 } as const;

/**
 * What this process and everything it started have used so far. A busy machine stretches wall-clock
 * figures; processor time tells what the work itself costs.
 */
export function cpuTimes(names: ReadonlyMap<number, string>): CpuTimes {
  const times = new Map<string, number>();
  if (process.platform !== 'linux') return times;
  const msPerTick = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  const all = new Map(processes().map((entry) => [entry.pid, entry]));
  for (const { pid, command, ticks } of all.values()) {
    if (!isOurs(pid, all)) continue;
    const name = names.get(pid) ?? command;
    times.set(name, (times.get(name) ?? 0) + ticks * msPerTick);
  }
  return times;
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  readonly ticks: number;
}

function processes(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(name);
      // The command stands in parentheses and may hold anything.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const field = (index: number) => Number(fields[index] ?? 0);
      if (stat === '') return [];
      return [
        {
          pid: Number(name),
          parent: field(FIELDS.parent),
          command: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
          ticks:
            field(FIELDS.user) +
            field(FIELDS.system) +
            field(FIELDS.endedUser) +
            field(FIELDS.endedSystem),
        },
      ];
    });
}

/** Empty when the process ended meanwhile. */
function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function isOurs(pid: number, all: ReadonlyMap<number, ProcessEntry>): boolean {
  for (let at: number | undefined = pid; at; at = all.get(at)?.parent) {
    if (at === process.pid) return true;
  }
  return false;
}

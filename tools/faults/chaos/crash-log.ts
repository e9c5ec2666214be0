import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A crash point that failed, as the process wrote it in its last moment. */
export interface CrashLine {
  readonly replica: string;
  readonly point: string;
  readonly kind: string;
}

const MOST_BYTES = 64 * 1024;

/** A file for each process, over all its lives; read on from where the last look ended. */
export class CrashLog {
  readonly #read = new Map<string, number>();

  constructor(private readonly dir: string) {}

  /** `CRASH_LOG` of a process. */
  pathOf(replica: string): string {
    this.#read.set(replica, this.#read.get(replica) ?? 0);
    return join(this.dir, `crash-points.${replica}.txt`);
  }

  take(): CrashLine[] {
    return [...this.#read].flatMap(([replica, from]) => {
      const text = tail(this.pathOf(replica), from);
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      this.#read.set(replica, from + Buffer.byteLength(whole));
      return whole
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const [, point = '', kind = ''] = line.split(' ');
          return { replica, point, kind };
        });
    });
  }
}

function tail(path: string, from: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(MOST_BYTES);
    return chunk.toString('utf8', 0, readSync(file, chunk, 0, chunk.length, from));
  } finally {
    closeSync(file);
  }
}

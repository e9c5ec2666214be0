import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import type { JournalLine } from './events.js';

const NEWLINE = 0x0a;

/**
 * Append-only JSON lines of the portal. Few are written, so each is in the file before anything
 * answers, whatever happens to the process then.
 */
export class Journal {
  private constructor(
    private readonly descriptor: number,
    private readonly fsync: boolean,
  ) {}

  /** Opens or creates the file; its lines are handed to `replay` first. */
  static open(path: string, fsync: boolean, replay: (line: JournalLine) => void): Journal {
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    // Half a line at the end was being written when the process died: it never happened.
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    const descriptor = openSync(path, 'a', 0o600);
    if (whole.length < bytes.length) ftruncateSync(descriptor, whole.length);
    for (const line of whole.toString('utf8').split('\n')) {
      if (line !== '') replay(JSON.parse(line) as JournalLine);
    }
    return new Journal(descriptor, fsync);
  }

  append(line: JournalLine): void {
    writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
    if (this.fsync) fdatasyncSync(this.descriptor);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

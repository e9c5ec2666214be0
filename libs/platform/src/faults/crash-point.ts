import { appendFileSync } from 'node:fs';
import { faultVariables } from '../config/fault-variables.js';
import type { CrashPointName } from './crash-point-names.js';

/** What an armed crash point does to the process that passes it. */
export type CrashKind = 'kill' | 'exception' | 'hang';

/** What an armed point throws: a failure no code foresees. */
export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

interface Armed {
  readonly point: string;
  readonly kind: CrashKind;
  /** Which pass is hit, from 1; the others go by. */
  passesLeft: number;
}

const KINDS: ReadonlySet<string> = new Set<CrashKind>(['kill', 'exception', 'hang']);
/** Longer than any lease in a test, so that whoever wakes up finds that others went on. */
const DEFAULT_HANG_MS = 60_000;

let armed: Armed[] | undefined;

/**
 * Fails here if `CRASH_AT=<point>:<kill|exception|hang>[:<n-th pass>]` says so (several with commas);
 * once each. A hung caller goes on after `CRASH_HANG_MS`, as a frozen process does when it wakes up.
 *
 * Always called as `if (CRASH_POINTS) await crashPoint('area.moment');`, which an ordinary build
 * leaves out.
 */
export async function crashPoint(point: CrashPointName): Promise<void> {
  if (!CRASH_POINTS) return;
  const { at, hangMs, log } = faultVariables();
  armed ??= parse(at);
  const hit = armed.find((one) => one.point === point && (one.passesLeft -= 1) === 0);
  if (!hit) return;
  // Synchronously, or the kill would come before the line.
  if (log !== undefined) appendFileSync(log, `${process.pid} ${point} ${hit.kind}\n`);
  if (hit.kind === 'kill') process.kill(process.pid, 'SIGKILL');
  if (hit.kind === 'exception') throw new InjectedFault(`crash point ${point}`);
  await new Promise((wake) => setTimeout(wake, hangMs ?? DEFAULT_HANG_MS));
}

/** Arms points in this process in place of what `CRASH_AT` says: tests. */
export function armCrashPoints(at: string | undefined): void {
  if (CRASH_POINTS) armed = parse(at);
}

function parse(at: string | undefined): Armed[] {
  return (at ?? '')
    .split(',')
    .filter(Boolean)
    .map((text) => {
      const [point = '', kind = '', pass = '1'] = text.split(':');
      if (!KINDS.has(kind) || !/^[1-9]\d*$/.test(pass)) {
        throw new Error(`CRASH_AT: «${text}» is not <point>:<kill|exception|hang>[:<n-th pass>]`);
      }
      return { point, kind: kind as CrashKind, passesLeft: Number(pass) };
    });
}

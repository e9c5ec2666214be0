import { Clock } from '@getupnet/kernel';
import { CliError, type Io } from '../../cli/io.js';
import { run } from '../cli.js';
import type { State } from '../step.js';

/** Real time plus what a test adds. */
export class ShiftedClock extends Clock {
  constructor(private readonly shiftMs = 0) {
    super();
  }
  override now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }
}

export interface World {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly shiftMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly tlsAuthorities?: string;
  readonly signal?: AbortSignal;
  readonly typed?: string;
  /** Hears every line of progress. */
  readonly onNote?: (text: string) => void;
}

export interface ReportedStep {
  readonly id: string;
  readonly target: string | null;
  readonly state: State;
  readonly code: string;
  readonly found: string;
  readonly fix: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

/** Notes without what tells that a step takes its time: that depends on the machine. */
export const withoutProgress = (notes: string): string => notes.replace(/^ {2}… .*\n/gm, '');

/** Runs the command on files in memory. */
export async function dgiiCheck(args: readonly string[], world: World = {}): Promise<Ran> {
  let out = '';
  let notes = '';
  const io: Io = {
    out: (text) => void (out += text),
    note: (text) => {
      notes += text;
      world.onNote?.(text);
    },
    readFile: async (path) => {
      const content = world.files?.[path];
      if (content === undefined) throw new CliError(`No se pudo leer «${path}»: no existe.`);
      return Buffer.from(content as string);
    },
    writeFile: () => Promise.reject(new Error('the command writes nothing')),
    readInput: () => Promise.reject(new Error('the command reads no standard input')),
    askSecret: async () => world.typed ?? null,
    now: new Date(),
  };
  const code = await run(args, {
    io,
    clock: new ShiftedClock(world.shiftMs),
    env: world.env ?? {},
    signal: world.signal ?? new AbortController().signal,
    ...(world.tlsAuthorities === undefined ? {} : { tlsAuthorities: world.tlsAuthorities }),
  });
  return { code, out, notes };
}

export interface Report {
  readonly code: number;
  readonly result: string;
  readonly steps: readonly ReportedStep[];
  /** The one step of that id. */
  step(id: string): ReportedStep;
}

/** The same, read from the JSON report. */
export async function report(args: readonly string[], world: World = {}): Promise<Report> {
  const { code, out, notes } = await dgiiCheck([...args, '--json'], world);
  if (out === '') throw new Error(`no report: ${notes}`);
  const { result, steps } = JSON.parse(out) as Pick<Report, 'result' | 'steps'>;
  const step = (id: string): ReportedStep => {
    const found = steps.filter((one) => one.id === id);
    if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} of ${id}`);
    return found[0];
  };
  return { code, result, steps, step };
}

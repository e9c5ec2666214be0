import { nearest } from '@getupnet/kernel';
import { parseArgs } from 'node:util';
import { CommandError, errnoOf } from './command-error.js';

/** One option: what follows it, if anything, and what it is for (Spanish). */
export interface Flag {
  /** Placeholder of its value, such as `<n>`; without it the flag stands alone. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly help: string;
}

/** What the terminal is for a command. */
export interface Io {
  /** Results: may be piped. */
  out(text: string): void;
  /** For people. */
  note(text: string): void;
  /** Until somebody ends the program. */
  untilStopped(): Promise<void>;
}

export interface Command {
  readonly name: string;
  /** Spanish, one line. */
  readonly summary: string;
  /** Spanish, below the options. */
  readonly more?: string;
  readonly flags: Readonly<Record<string, Flag>>;
  run(given: Given, io: Io): Promise<void>;
}

/** The options of an invocation. */
export class Given {
  constructor(private readonly values: Readonly<Record<string, unknown>>) {}

  text(name: string): string | undefined {
    return this.texts(name).at(-1);
  }

  texts(name: string): readonly string[] {
    return [this.values[name]].flat().filter((value) => typeof value === 'string');
  }

  has(name: string): boolean {
    return this.values[name] === true;
  }

  /** A whole number between two others; undefined when the flag is absent. */
  whole(name: string, from: number, to: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
    if (number < from || number > to) {
      throw new CommandError(`--${name}: se espera un número entre ${from} y ${to}, no «${text}».`);
    }
    return number;
  }
}

/** Flags every command has. */
const COMMON: Readonly<Record<string, Flag>> = {
  json: { help: 'el resultado como JSON, para programas' },
  help: { help: 'esta ayuda' },
};

/** Reads what stands behind a command's name; what it does not know is told, with the nearest. */
export function parseFlags(command: Command, args: readonly string[]): Given {
  const flags = { ...COMMON, ...command.flags };
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, multiple = false }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple },
    ]),
  );
  try {
    const spelled = args.map((arg) => (arg === '-h' ? '--help' : arg));
    return new Given(parseArgs({ args: spelled, options }).values);
  } catch (cause) {
    throw misused(command, flags, cause);
  }
}

function misused(
  command: Command,
  flags: Readonly<Record<string, Flag>>,
  cause: unknown,
): CommandError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const told = /'([^'\s]*)/.exec(text)?.[1] ?? '';
  const advice = ` Vea «${usage(command)} --help».`;
  const fail = (message: string): CommandError =>
    new CommandError(message + advice, undefined, { cause });
  switch (errnoOf(cause)) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const known = Object.keys(flags).map((name) => `--${name}`);
      return fail(`Opción desconocida: ${told}.${didYouMean(told, known)}`);
    }
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return fail(`Sobra «${told}».`);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE': {
      const name = told.replace(/^-+/, '');
      const { value } = flags[name] ?? {};
      return fail(
        value === undefined ? `--${name} no lleva valor.` : `Falta el valor: --${name} ${value}.`,
      );
    }
    default:
      return fail(text);
  }
}

/** « ¿Quiso decir «X»?», or nothing. */
export function didYouMean(written: string, known: readonly string[]): string {
  const word = nearest(written, known);
  return word === undefined ? '' : ` ¿Quiso decir «${word}»?`;
}

/** How a command is called; the first one needs no name. */
export function usage({ name }: Command): string {
  return name === 'start' ? 'npm run simulator --' : `npm run simulator -- ${name}`;
}

/** A command's options, one a line. */
export function helpOf(command: Command): string {
  const entries = Object.entries({ ...command.flags, ...COMMON }).map(
    ([name, { value, help }]) => [value ? `--${name} ${value}` : `--${name}`, help] as const,
  );
  const width = Math.max(...entries.map(([flag]) => flag.length));
  const lines = entries.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}\n`);
  return `${usage(command)} … — ${command.summary}\n\n${lines.join('')}${command.more ?? ''}`;
}

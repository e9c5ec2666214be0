import { parseArgs, type ParseArgsConfig } from 'node:util';
import { isRecord } from './input.js';
import { CliError, type ExitCode, type Io } from './io.js';
import { didYouMean } from './suggest.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What was written behind the command's name. */
export interface Invocation {
  readonly positionals: readonly string[];
  /** Value of an option that takes one. */
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  flag(option: string): boolean;
}

export interface Command {
  readonly name: string;
  /** What stands behind the name: `FILE`, `CODE`. */
  readonly argument: string;
  /** Spanish, one line. */
  readonly summary: string;
  /** Spanish, below the usage line. */
  readonly help: string;
  readonly options: Options;
  run(invocation: Invocation, io: Io): Promise<ExitCode>;
}

const COMMON: Options = {
  help: { type: 'boolean', short: 'h' },
  json: { type: 'boolean' },
};

/** Reads the words behind a command's name; an unknown option is told, with the nearest one. */
export function parseInvocation(command: Command, args: readonly string[]): Invocation {
  const options = { ...COMMON, ...command.options };
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    const given: Readonly<Record<string, unknown>> = values;
    const texts = (name: string): readonly string[] =>
      [given[name]].flat().filter((value): value is string => typeof value === 'string');
    return {
      positionals,
      text: (name) => texts(name).at(-1),
      texts,
      flag: (name) => given[name] === true,
    };
  } catch (error) {
    throw misused(command, Object.keys(options), error);
  }
}

function misused(command: Command, known: readonly string[], error: unknown): unknown {
  const code = isRecord(error) ? error['code'] : undefined;
  const text = isRecord(error) ? String(error['message']) : '';
  const option = /'(-{1,2}[^'\s=]*)/.exec(text)?.[1] ?? '';
  const advice = ` Vea «ecf ${command.name} --help».`;
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const near = didYouMean(
      option,
      known.map((name) => `--${name}`),
    );
    return new CliError(`Opción desconocida: ${option}.${near}${advice}`, undefined, {
      cause: error,
    });
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return new CliError(`La opción ${option} está mal usada.${advice}`, undefined, {
      cause: error,
    });
  }
  return error;
}

/** The one argument a command takes. */
export function argumentOf(command: Command, { positionals }: Invocation): string {
  const [argument, ...others] = positionals;
  const advice = `Uso: ecf ${command.name} ${command.argument}. Vea «ecf ${command.name} --help».`;
  if (argument === undefined) throw new CliError(`Falta ${command.argument}. ${advice}`);
  if (others.length > 0) throw new CliError(`Sobra «${others.join(' ')}». ${advice}`);
  return argument;
}

export function helpOf(command: Command): string {
  return `ecf ${command.name} ${command.argument} — ${command.summary}

${command.help.trim()}

  --json   el resultado como JSON
  --help   esta ayuda
`;
}

import { COMMON_OPTIONS, parseOptions, type Invocation, type Options } from '../cli/options.js';
import { CliError, type ExitCode, type Io } from '../cli/io.js';

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

/** Reads the words behind a command's name; an unknown option is told, with the nearest one. */
export function parseInvocation(command: Command, args: readonly string[]): Invocation {
  return parseOptions(`ecf ${command.name}`, { ...COMMON_OPTIONS, ...command.options }, args);
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

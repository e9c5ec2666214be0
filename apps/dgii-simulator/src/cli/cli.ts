import { CommandError, EXIT } from './command-error.js';
import { didYouMean, helpOf, parseFlags, usage, type Command, type Io } from './command-line.js';
import { issueCommand } from './issue-command.js';
import { startCommand } from './start-command.js';

const COMMANDS: readonly Command[] = [startCommand, issueCommand];

/** Runs the simulator's command line and answers the exit code; mistakes are told in Spanish. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    await dispatch(args, io);
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    io.note(`${error.message}\n`);
    return error.exitCode;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<void> {
  const isNamed = args[0] !== undefined && !args[0].startsWith('-');
  const [name, rest] = isNamed ? [args[0], args.slice(1)] : [startCommand.name, args];
  const command = name === 'help' ? commandOf(rest[0]) : commandOf(name);
  const given = name === 'help' ? undefined : parseFlags(command, rest);
  if (given === undefined || given.has('help')) io.out(helpText(command));
  else await command.run(given, io);
}

function commandOf(name = startCommand.name): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  throw new CommandError(
    `No existe la orden «${name}».${didYouMean(name, names)} Vea «npm run simulator -- --help».\n` +
      'Con npm, las opciones van detrás de «--»: npm run simulator -- --port 9090.',
  );
}

function helpText(command: Command): string {
  if (command !== startCommand) return helpOf(command);
  const others = COMMANDS.filter((other) => other !== command);
  const lines = others.map((other) => `  ${usage(other)}\n      ${other.summary}\n`);
  return `${helpOf(command)}
${lines.join('')}      con --help dice sus opciones

Termina con 0 si todo fue bien, con 2 si la orden está mal escrita, con 78 si algo de esta máquina
lo impide (el puerto, el directorio). Guía: docs/simulator.md
`;
}

import { argumentOf, helpOf, parseInvocation, type Command } from './command.js';
import { completeCommand } from './commands/complete.js';
import { explainCommand } from './commands/explain.js';
import { qrCommand } from './commands/qr.js';
import { riCommand } from './commands/ri.js';
import { signCommand } from './commands/sign.js';
import { validateCommand } from './commands/validate.js';
import { verifyCommand } from './commands/verify.js';
import { xsdCommand } from './commands/xsd.js';
import { explained } from './input.js';
import { CliError, EXIT, type Io } from '../cli/io.js';
import { didYouMean } from '../cli/suggest.js';

export const COMMANDS: readonly Command[] = [
  validateCommand,
  completeCommand,
  signCommand,
  verifyCommand,
  qrCommand,
  riCommand,
  xsdCommand,
  explainCommand,
];

/** Runs one command and answers the exit code; what is foreseeable is explained in Spanish. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(args, io);
  } catch (error) {
    const told = explained(error);
    if (!(told instanceof CliError)) throw told;
    io.note(`${told.message}\n`);
    return told.exitCode;
  }
}

async function dispatch(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const command = COMMANDS.find((one) => one.name === rest[0]);
    (name === undefined ? io.note : io.out)(command ? helpOf(command) : generalHelp());
    return name === undefined ? EXIT.misuse : EXIT.ok;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) {
    const near = didYouMean(
      name,
      COMMANDS.map((one) => one.name),
    );
    throw new CliError(`No existe la orden «${name}».${near} Vea «ecf --help».`);
  }
  const invocation = parseInvocation(command, rest);
  if (invocation.flag('help')) {
    io.out(helpOf(command));
    return EXIT.ok;
  }
  argumentOf(command, invocation);
  return command.run(invocation, io);
}

function generalHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name, argument }) => name.length + argument.length));
  const lines = COMMANDS.map(
    ({ name, argument, summary }) => `  ecf ${`${name} ${argument}`.padEnd(width + 3)}${summary}`,
  );
  return `ecf — comprobantes fiscales electrónicos en la terminal

${lines.join('\n')}

FILE es XML o JSON (se reconoce solo); «-» es la entrada estándar. TYPE es 31, 32, 33, 34, 41, 43,
44, 45, 46, 47, RFCE, ARECF, ACECF, ANECF o Semilla. Nada sale de esta máquina.

Cada orden tiene --json y --help. Termina con 0 si todo está bien, con 1 si el documento no lo está,
con 2 si la orden no se puede hacer tal como se escribió.
`;
}

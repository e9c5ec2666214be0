import { BootError, EXIT_CONFIG } from '@getupnet/platform';
import { fileFault } from './file-fault.js';
import { CliError, EXIT, type Io } from './io.js';

/**
 * The frame of an operator's command: what the person can mend is told in a line, and so is a file
 * that cannot be used; a wrong configuration by its variables (never their values), anything else
 * with its stack.
 * Answers the exit code and never throws.
 */
export async function perform(
  io: Pick<Io, 'note'>,
  command: () => Promise<number>,
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (error instanceof CliError) {
      io.note(`${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof BootError) {
      const lines = error.problems.map((problem) => `  - ${problem}\n`);
      io.note(`No se puede empezar; corrija estas variables:\n${lines.join('')}`);
      return EXIT_CONFIG;
    }
    const fault = fileFault(error);
    if (fault !== null) {
      io.note(`${fault}\n`);
      return EXIT.misuse;
    }
    io.note(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return EXIT.invalid;
  }
}

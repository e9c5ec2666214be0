import type { Invocation } from './options.js';
import { CliError, type Io } from './io.js';

/** Password of a P12: from `--password-file`, else typed; never from the command line itself. */
export async function passwordOf(p12: string, invocation: Invocation, io: Io): Promise<string> {
  const file = invocation.text('password-file');
  if (file !== undefined) {
    // Editors end the line; the password is what stands before.
    return Buffer.from(await io.readFile(file))
      .toString('utf8')
      .replace(/\r?\n$/, '');
  }
  const typed = await io.askSecret(`Contraseña de ${p12}: `);
  if (typed !== null) return typed;
  throw new CliError(
    'Falta la contraseña del certificado, y aquí no hay teclado para pedirla: use --password-file FILE.',
  );
}

import { Upkeep } from '@getupnet/feature-auth';
import { BootError, EXIT_CONFIG, bootReport, type EnvSource } from '@getupnet/platform';

/** Where a report goes: standard output and standard error of a process. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

const USAGE = `Uso: npm run auth -- ORDEN
  rotate-keys                clave nueva para los tokens de acceso, en uso en dos minutos; las sesiones siguen
  rotate-keys --compromised  clave nueva ya; los tokens de las anteriores se rechazan antes de un minuto
  messages                   lo que hay que decir a cada persona, una vez; entréguelo por una vía segura
  forget-factor CORREO       teléfono y códigos perdidos: el próximo inicio de sesión registra otro
  --help                     esta ayuda
`;
const EXIT_USAGE = 2;

type Command = (upkeep: Upkeep, output: Output) => Promise<number>;

/** The operator's commands for logins. Answers the exit code; 78 when the configuration is wrong. */
export async function runAuth(
  args: readonly string[],
  source: EnvSource,
  output: Output,
): Promise<number> {
  if (args.length === 1 && (args[0] === '--help' || args[0] === '-h')) {
    output.out(USAGE);
    return 0;
  }
  const command = commandOf(args);
  if (command === undefined) {
    output.err(USAGE);
    return EXIT_USAGE;
  }
  try {
    const upkeep = await Upkeep.open(source);
    try {
      return await command(upkeep, output);
    } finally {
      await upkeep.close();
    }
  } catch (error) {
    output.err(bootReport(error));
    return error instanceof BootError ? EXIT_CONFIG : 1;
  }
}

function commandOf([name, argument, ...rest]: readonly string[]): Command | undefined {
  if (rest.length > 0) return undefined;
  if (name === 'rotate-keys' && (argument === undefined || argument === '--compromised')) {
    return rotateKeys(argument !== undefined);
  }
  if (name === 'messages' && argument === undefined) return messages;
  if (name === 'forget-factor' && argument !== undefined) return forgetFactor(argument);
  return undefined;
}

function rotateKeys(compromised: boolean): Command {
  return async (upkeep, { out }) => {
    const { kid, signsFrom } = await upkeep.rotateKeys({ compromised });
    out(`La clave ${kid} firma desde ${signsFrom.toISOString()}\n`);
    return 0;
  };
}

const messages: Command = async (upkeep, { out }) => {
  const kept = await upkeep.takeMessages();
  for (const { to, subject, text, expiresAt } of kept) {
    out(`Para: ${to}\nAsunto: ${subject}\nVence: ${expiresAt.toISOString()}\n\n${text}\n\n`);
  }
  if (kept.length === 0) out('No hay mensajes.\n');
  return 0;
};

function forgetFactor(email: string): Command {
  return async (upkeep, { out, err }) => {
    if (await upkeep.forgetFactor(email)) {
      out('Olvidado; el próximo inicio de sesión registra otro.\n');
      return 0;
    }
    err('No hay tal cuenta.\n');
    return 1;
  };
}

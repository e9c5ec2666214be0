import { Upkeep } from '@getupnet/feature-auth';
import { BootError, EXIT_CONFIG, bootReport, type EnvSource } from '@getupnet/platform';

/** Where a report goes: standard output and standard error of a process. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

const USAGE = `usage: npm run auth -- COMMAND
  rotate-keys                new key for access tokens, in use in two minutes; sessions go on
  rotate-keys --compromised  new key at once; tokens of the old ones are refused within a minute
  messages                   what people are to be told, once; hand it over by a safe way
  forget-factor E-MAIL       phone and recovery codes lost: the next login enrols again
`;
const EXIT_USAGE = 2;

type Command = (upkeep: Upkeep, output: Output) => Promise<number>;

/** The operator's commands for logins. Answers the exit code; 78 when the configuration is wrong. */
export async function runAuth(
  args: readonly string[],
  source: EnvSource,
  output: Output,
): Promise<number> {
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
    out(`key ${kid} signs from ${signsFrom.toISOString()}\n`);
    return 0;
  };
}

const messages: Command = async (upkeep, { out }) => {
  const kept = await upkeep.takeMessages();
  for (const { to, subject, text, expiresAt } of kept) {
    out(`To: ${to}\nSubject: ${subject}\nExpires: ${expiresAt.toISOString()}\n\n${text}\n\n`);
  }
  if (kept.length === 0) out('no messages\n');
  return 0;
};

function forgetFactor(email: string): Command {
  return async (upkeep, { out, err }) => {
    if (await upkeep.forgetFactor(email)) {
      out('forgotten; the next login enrols again\n');
      return 0;
    }
    err('there is no such account\n');
    return 1;
  };
}

import { randomBytes } from 'node:crypto';
import { AUTH_ROUTES, PASSWORD_LENGTH, emailSchema, personNameSchema } from '@getupnet/contracts';
import { Provisioning } from '@getupnet/feature-auth';
import { isUniqueViolation, persistenceEnv } from '@getupnet/persistence';
import { loadConfig, type EnvSource } from '@getupnet/platform';
import type { z } from 'zod';
import { CliError, EXIT, type Io } from '../cli/io.js';
import { parseOptions, type Invocation } from '../cli/options.js';
import { perform } from '../cli/perform.js';

const COMMAND = 'npm run platform:create-admin --';
const HELP = `${COMMAND} — crea el primer administrador de la plataforma (super_admin).

  --email DIRECCIÓN       la de la persona; se pide si falta
  --name NOMBRE           el de la persona; se pide si falta
  --password-file FICHERO de donde se lee la contraseña; si falta se pide, y sin teclado se inventa
  --another               aunque ya haya un super_admin

La base de datos es la de DATABASE_URL (o DATABASE_URL_IDENTITY, o con _FILE).
`;

/** What is asked of the person at the keyboard, besides secrets. */
export interface Asking extends Io {
  /** Null where nobody can be asked. */
  ask(question: string): Promise<string | null>;
}

/** 24 letters and digits: 144 bits. */
const INVENTED_BYTES = 18;

/** Makes a super_admin without SQL; answers the exit code. */
export async function createAdmin(
  args: readonly string[],
  source: EnvSource,
  io: Asking,
): Promise<number> {
  return perform(io, async () => {
    const invocation = parseOptions(COMMAND, OPTIONS, args);
    if (invocation.flag('help')) {
      io.note(HELP);
      return EXIT.ok;
    }
    const urls = loadConfig([persistenceEnv], source).get(persistenceEnv);
    const provisioning = new Provisioning({ urls });
    try {
      return await create(provisioning, invocation, io);
    } finally {
      await provisioning.close();
    }
  });
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  email: { type: 'string' },
  name: { type: 'string' },
  'password-file': { type: 'string' },
  another: { type: 'boolean' },
} as const;

async function create(
  provisioning: Provisioning,
  invocation: Invocation,
  io: Asking,
): Promise<number> {
  const another = invocation.flag('another');
  // Told before anything is asked; decided again when it is written.
  if (!another && (await provisioning.hasSuperAdmin())) throw alreadyThere();
  const email = await textOf('email', 'Correo electrónico: ', emailSchema, invocation, io);
  const name = await textOf('name', 'Nombre: ', personNameSchema, invocation, io);
  const { password, invented } = await passwordOf(invocation, io);
  const id = await provisioning
    .addOperator({ email, name, password }, { onlyFirst: !another })
    .catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      throw new CliError(`Ya hay una cuenta con la dirección ${email}.`, undefined, {
        cause: error,
      });
    });
  if (id === null) throw alreadyThere();
  io.out(`${email} es super_admin de esta instalación.\n`);
  if (invented) io.out(`Contraseña (se muestra esta única vez): ${password}\n`);
  io.note(nextSteps(email));
  return EXIT.ok;
}

function alreadyThere(): CliError {
  return new CliError('Ya hay un super_admin. Para crear otro añada --another.', EXIT.invalid);
}

async function textOf(
  option: 'email' | 'name',
  question: string,
  schema: z.ZodType<string>,
  invocation: Invocation,
  io: Asking,
): Promise<string> {
  const stated = invocation.text(option) ?? (await io.ask(question));
  if (stated === null) throw new CliError(`Falta --${option}. Vea «${COMMAND} --help».`);
  const read = schema.safeParse(stated);
  if (!read.success) throw new CliError(`--${option}: «${stated}» no es válido.`);
  return read.data;
}

async function passwordOf(
  invocation: Invocation,
  io: Asking,
): Promise<{ password: string; invented: boolean }> {
  const file = invocation.text('password-file');
  const stated =
    file === undefined
      ? await io.askSecret('Contraseña (vacía: se inventa una): ')
      : Buffer.from(await io.readFile(file))
          .toString('utf8')
          .replace(/\r?\n$/, '');
  if (stated === null || (stated === '' && file === undefined)) {
    return { password: randomBytes(INVENTED_BYTES).toString('base64url'), invented: true };
  }
  const { min, max } = PASSWORD_LENGTH;
  if (stated.length < min || stated.length > max) {
    throw new CliError(`La contraseña lleva de ${min} a ${max} caracteres.`);
  }
  return { password: stated, invented: false };
}

function nextSteps(email: string): string {
  const body = JSON.stringify({ email, password: '…' });
  return `
El segundo factor se enrola al entrar por primera vez:
  1. POST ${AUTH_ROUTES.login} ${body}  →  { "mfa": "enroll", "challenge": "ch_…" }
  2. POST ${AUTH_ROUTES.enroll} {"challenge":"ch_…"}  →  el secreto y una dirección otpauth:// para su aplicación
  3. POST ${AUTH_ROUTES.verify} {"challenge":"ch_…","code":"123456"}  →  la sesión y diez códigos de
     recuperación, que se muestran esa única vez: guárdelos.
`;
}

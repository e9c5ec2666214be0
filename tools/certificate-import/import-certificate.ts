import { isUuid } from '@getupnet/kernel';
import { BootError, loadConfig, type EnvSource } from '@getupnet/platform';
import { serviceCallerEnv } from '@getupnet/rbac';
import { signClientEnv } from '@getupnet/sign-client';
import { CliError, EXIT, type Io } from '../cli/io.js';
import { parseOptions } from '../cli/options.js';
import { perform } from '../cli/perform.js';
import { passwordOf } from '../cli/password.js';
import { importCertificate } from './hand-over.js';

const COMMAND = 'npm run certificate:import --';
const HELP = `${COMMAND} --tenant ID --p12 FICHERO — da a una empresa su certificado digital.

  --tenant ID             la empresa, como la nombra /admin/companies
  --p12 FICHERO           el certificado con su clave, como lo entrega el proveedor
  --password-file FICHERO de donde se lee su contraseña; si falta se pide

SIGN_URL es el puerto interno del firmador; SERVICE_KEY_OUT_SIGN (o con _FILE) la clave del operador.
`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  tenant: { type: 'string' },
  p12: { type: 'string' },
  'password-file': { type: 'string' },
} as const;

/** Gives a company its certificate through the signer's internal route; answers the exit code. */
export async function importForTenant(
  args: readonly string[],
  source: EnvSource,
  io: Io,
): Promise<number> {
  return perform(io, async () => {
    const invocation = parseOptions(COMMAND, OPTIONS, args);
    if (invocation.flag('help')) {
      io.note(HELP);
      return EXIT.ok;
    }
    const tenant = invocation.text('tenant');
    const path = invocation.text('p12');
    if (tenant === undefined || !isUuid(tenant)) throw misused('--tenant', 'el id de la empresa');
    if (path === undefined) throw misused('--p12', 'el fichero del certificado');
    const config = loadConfig([signClientEnv, serviceCallerEnv], source);
    const key = config.get(serviceCallerEnv)['SERVICE_KEY_OUT_SIGN'];
    if (typeof key !== 'string') throw new BootError('SERVICE_KEY_OUT_SIGN: is required');
    const p12 = Buffer.from(await io.readFile(path));
    const password = await passwordOf(path, invocation, io);
    const signer = { internalUrl: config.get(signClientEnv).SIGN_URL, serviceKeyToSign: key };
    await importCertificate(signer, tenant, p12, password);
    io.out('El certificado está en uso.\n');
    return EXIT.ok;
  });
}

function misused(option: string, what: string): CliError {
  return new CliError(`Falta ${option}: ${what}. Vea «${COMMAND} --help».`);
}

import { Sign, type Environment } from '@getupnet/contracts';
import { DgiiEndpoints } from '@getupnet/dgii-api';
import { dgiiClientEnv, dgiiGatewayLocal } from '@getupnet/feature-dgii-client';
import { signLocal } from '@getupnet/feature-sign';
import { isUuid } from '@getupnet/kernel';
import { Pools } from '@getupnet/persistence';
import { BootError, Config, createServices, type RunningServices } from '@getupnet/platform';
import { signClient } from '@getupnet/sign-client';
import { CliError, EXIT } from '../../cli/io.js';

/** What the database says of a tenant. */
export interface TenantFacts {
  readonly id: string;
  readonly rnc: string;
  readonly name: string;
  readonly environment: Environment;
  readonly productionEnabled: boolean;
}

/** A tenant of an installation, with what the installation itself would use for it. */
export interface Installation {
  readonly tenant: TenantFacts;
  readonly sign: Sign;
  readonly endpoints: DgiiEndpoints;
  readonly baseUrl: string | null;
  readonly statusKey: string | null;
  /** The installation's own switch; the tenant has another. */
  readonly productionEnabled: boolean;
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Opens what dgii-client is made of under the variables of this process: its database, its DGII and
 * the signer (the service at SIGN_URL, or the one in this process). Nothing is listened to from
 * outside, and no job is worked on.
 */
export async function openInstallation(
  wanted: string,
  env: Env,
  onLog: (line: string) => void,
): Promise<Installation> {
  let isOpen = false;
  // What keeps it from opening is told as a message for people; after that the log may speak.
  const services = await boot(env, (line) => {
    if (isOpen) onLog(line);
  });
  isOpen = true;
  try {
    const { app } = services;
    const config = app.get(Config).get(dgiiClientEnv);
    return {
      tenant: await findTenant(app.get(Pools), wanted),
      sign: app.get(Sign, { strict: false }),
      endpoints: app.get(DgiiEndpoints, { strict: false }),
      baseUrl: config.DGII_BASE_URL ?? null,
      statusKey: config.DGII_STATUS_API_KEY ?? null,
      productionEnabled: config.DGII_PRODUCTION_ENABLED,
      close: () => services.close(),
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}

async function boot(env: Env, onLog: (line: string) => void): Promise<RunningServices> {
  const apart = (env['SIGN_URL'] ?? '') !== '';
  const port = dgiiGatewayLocal({ sign: apart ? signClient : signLocal });
  try {
    return await createServices(
      [{ name: 'dgii-client', http: [], workers: [port.module], env: port.env }],
      { env: { ...env, ...ALONE }, host: LOOPBACK, logStream: { write: onLog } },
    );
  } catch (cause) {
    if (!(cause instanceof BootError)) throw cause;
    const problems = cause.problems.map((problem) => `  ${problem}\n`).join('');
    const message =
      'La instalación no se pudo abrir con las variables de este proceso ' +
      `(use las del servicio dgii-client):\n${problems.trimEnd()}`;
    throw new CliError(message, EXIT.misuse, { cause });
  }
}

const LOOPBACK = '127.0.0.1';
/** A process beside the services: ports of its own, no requests, errors only. */
const ALONE: Env = {
  ROLE: 'worker',
  PORT: '0',
  INTERNAL_PORT: '0',
  INTERNAL_HOST: LOOPBACK,
  SHUTDOWN_DELAY_MS: '0',
  LOG_LEVEL: 'error',
};

interface TenantRow {
  readonly id: string;
  readonly rnc: string;
  readonly name: string;
  readonly environment: Environment;
  readonly production_enabled: boolean;
}

const COLUMNS = 'id, rnc, name, environment, production_enabled';
/** Roles that may look for a tenant among all of them. */
const FINDERS = ['platform_read', 'identity'] as const;

async function findTenant(pools: Pools, wanted: string): Promise<TenantFacts> {
  const rows = isUuid(wanted) ? await byId(pools, wanted) : await byRnc(pools, wanted);
  const [row, ...others] = rows;
  if (!row) throw new CliError(`No hay ningún contribuyente «${wanted}» en esta instalación.`);
  if (others.length > 0) {
    const ids = rows.map(({ id }) => id).join(', ');
    throw new CliError(
      `Hay ${rows.length} contribuyentes con el RNC ${wanted}: indique uno de ${ids}.`,
    );
  }
  const { id, rnc, name, environment, production_enabled: productionEnabled } = row;
  return { id, rnc, name, environment, productionEnabled };
}

async function byId(pools: Pools, id: string): Promise<readonly TenantRow[]> {
  const client = await pools.get('app').connect();
  try {
    await client.query('BEGIN READ ONLY');
    await client.query("SELECT set_config('app.tenant_id', $1, true)", [id]);
    const found = await client.query<TenantRow>(`SELECT ${COLUMNS} FROM tenant WHERE id = $1`, [
      id,
    ]);
    await client.query('COMMIT');
    return found.rows;
  } finally {
    client.release();
  }
}

async function byRnc(pools: Pools, text: string): Promise<readonly TenantRow[]> {
  const rnc = text.replace(/[\s-]/g, '');
  if (!/^(\d{9}|\d{11})$/.test(rnc)) {
    throw new CliError(`--tenant: «${text}» no es un RNC ni el id de un contribuyente.`);
  }
  const role = FINDERS.find((one) => pools.available.includes(one));
  if (role === undefined) {
    throw new CliError(
      'Este proceso no puede buscar por RNC (le faltan DATABASE_URL_PLATFORM_READ y DATABASE_URL_IDENTITY): ' +
        'indique el id del contribuyente.',
    );
  }
  const { rows } = await pools.query<TenantRow>(
    role,
    `SELECT ${COLUMNS} FROM tenant WHERE rnc = $1`,
    [rnc],
  );
  return rows;
}

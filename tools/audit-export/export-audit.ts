import { SystemClock, isUuid } from '@getupnet/kernel';
import { Pools, persistenceEnv } from '@getupnet/persistence';
import { loadConfig, type EnvSource } from '@getupnet/platform';
import { buildWormStore, wormEnv } from '@getupnet/storage';
import { CliError, EXIT, type Io } from '../cli/io.js';
import { parseOptions, type Invocation } from '../cli/options.js';
import { perform } from '../cli/perform.js';
import { exportKit } from './export-kit.js';

const COMMAND = 'npm run audit:export --';
const HELP = `${COMMAND} --out DIR — escribe lo que audit-verify necesita: los sellos y una cadena por contribuyente.

  --out DIR     directorio de destino; se crea si falta
  --behind DIR  un juego guardado de antes: las cadenas siguen donde aquel termina
  --tenant ID   solo la cadena de este contribuyente (puede repetirse)

Toma las variables del servicio audit: DATABASE_URL (o DATABASE_URL_APP y DATABASE_URL_AUDIT_APPEND), WORM_…
`;
const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  out: { type: 'string' },
  behind: { type: 'string' },
  tenant: { type: 'string', multiple: true },
} as const;

/** Writes chains and checkpoints for a verifier; answers the exit code. */
export async function exportAudit(
  args: readonly string[],
  source: EnvSource,
  io: Pick<Io, 'out' | 'note'>,
): Promise<number> {
  return perform(io, async () => {
    const invocation = parseOptions(COMMAND, OPTIONS, args);
    if (invocation.flag('help')) {
      io.note(HELP);
      return EXIT.ok;
    }
    await run(invocation, source, io);
    return EXIT.ok;
  });
}

async function run(invocation: Invocation, source: EnvSource, io: Pick<Io, 'out'>): Promise<void> {
  const directory = invocation.text('out');
  if (directory === undefined || invocation.positionals.length > 0) {
    throw new CliError(`Diga dónde: --out DIR. Vea «${COMMAND} --help».`);
  }
  const behind = invocation.text('behind');
  const tenants = invocation.texts('tenant');
  const wrong = tenants.find((id) => !isUuid(id));
  if (wrong !== undefined) throw new CliError(`«${wrong}» no es el id de un contribuyente.`);
  const config = loadConfig([persistenceEnv, wormEnv], source);
  const store = buildWormStore(config, new SystemClock());
  const pools = new Pools({ urls: config.get(persistenceEnv), sizes: { app: 1, audit_append: 1 } });
  try {
    await exportKit(pools, store, {
      directory,
      ...(tenants.length > 0 ? { tenants } : {}),
      ...(behind === undefined ? {} : { behind }),
      onFile: (name, count) => io.out(`${name}  ${count}\n`),
    });
  } finally {
    await Promise.all([pools.close(), store.close()]);
  }
}

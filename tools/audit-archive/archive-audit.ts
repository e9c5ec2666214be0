import { SystemClock } from '@getupnet/kernel';
import { Pools, archiveAuditMonths, persistenceEnv } from '@getupnet/persistence';
import { BootError, loadConfig, type EnvSource } from '@getupnet/platform';
import { EXIT, type Io } from '../cli/io.js';
import { parseOptions } from '../cli/options.js';
import { perform } from '../cli/perform.js';

const COMMAND = 'npm run audit:archive --';
const HELP = `${COMMAND} — saca de audit_event los meses de hace más de diez años.

Antes: npm run audit:export, audit-verify, y guarde el resultado junto a los sellos. Los meses pasan al
esquema archive, de donde se copian (pg_dump) y se borran; sus enlaces quedan y la cadena se verifica igual.
Toma DATABASE_URL, la del propietario. Un mes con eventos fuera de la cadena no se mueve.
`;
const OPTIONS = { help: { type: 'boolean', short: 'h' } } as const;

/** Moves old months out of the audit's table; answers the exit code. */
export async function archiveAudit(
  args: readonly string[],
  source: EnvSource,
  io: Pick<Io, 'out' | 'note'>,
): Promise<number> {
  return perform(io, async () => {
    const invocation = parseOptions(COMMAND, OPTIONS, args);
    if (!invocation.flag('help')) return run(source, io);
    io.note(HELP);
    return EXIT.ok;
  });
}

async function run(source: EnvSource, io: Pick<Io, 'out' | 'note'>): Promise<number> {
  const env = loadConfig([persistenceEnv], source).get(persistenceEnv);
  if (env.DATABASE_URL === undefined) throw new BootError('DATABASE_URL: is required');
  const pools = new Pools({ urls: env, sizes: { audit_append: 1 } });
  try {
    const now = new SystemClock().now();
    const { archived, unchained } = await archiveAuditMonths(env.DATABASE_URL, pools, now);
    for (const name of archived) io.out(`archive.${name}\n`);
    if (archived.length === 0) io.note('Ningún mes tiene más de diez años.\n');
    if (unchained === null) return EXIT.ok;
    io.note(`${unchained} tiene eventos que no están en la cadena: no se movió.\n`);
    return EXIT.invalid;
  } finally {
    await pools.close();
  }
}

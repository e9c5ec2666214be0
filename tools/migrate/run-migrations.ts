import { migrate, persistenceEnv, statedRoles } from '@getupnet/persistence';
import { BootError, EXIT_CONFIG, bootReport, loadConfig, type EnvSource } from '@getupnet/platform';

/** Where a report goes: standard output and standard error of a process. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/**
 * The migration job: brings the database of `DATABASE_URL` up to date and says what it did, in one
 * JSON line. Answers the exit code; 78 when the operator has something to mend.
 */
export async function runMigrations(source: EnvSource, output: Output): Promise<number> {
  try {
    const env = loadConfig([persistenceEnv], source).get(persistenceEnv);
    if (env.DATABASE_URL === undefined) {
      throw new BootError('DATABASE_URL: is required, as the owner of the database');
    }
    const { applied, partitions } = await migrate(env.DATABASE_URL, {
      statedRoles: statedRoles(env),
    });
    const report = { message: 'database is up to date', applied, partitions: partitions.length };
    output.out(`${JSON.stringify(report)}\n`);
    return 0;
  } catch (error) {
    output.err(bootReport(error));
    return error instanceof BootError ? EXIT_CONFIG : 1;
  }
}

import { BootError, EXIT_CONFIG } from './boot-error.js';
import { createServices, type RunningServices, type ServicesOptions } from './create-services.js';
import type { ServiceDefinition } from './service-definition.js';

/** Shutdown takes no longer; whatever is left then is cut. */
const SHUTDOWN_LIMIT_MS = 20_000;

/**
 * The whole of a service's `main.ts`: boots the definitions and runs until SIGTERM or SIGINT.
 * Exits 78 when the configuration or the declarations are wrong, naming every problem.
 */
export async function runServices(
  definitions: readonly ServiceDefinition[],
  options: ServicesOptions = {},
): Promise<RunningServices> {
  let services: RunningServices;
  try {
    services = await createServices(definitions, { processMetrics: true, ...options });
  } catch (error) {
    process.stderr.write(bootReport(error));
    process.exit(error instanceof BootError ? EXIT_CONFIG : 1);
  }
  const stop = (code: number): void => void exitAfterClose(services, code);
  process.once('SIGTERM', () => stop(0));
  process.once('SIGINT', () => stop(0));
  const crash = (error: unknown): void => {
    services.logger.fatal('uncaught error', error);
    stop(1);
  };
  process.once('uncaughtException', crash);
  process.once('unhandledRejection', crash);
  const { publicUrl, internalUrl } = services;
  services.logger.log({ message: 'listening', publicUrl, internalUrl });
  return services;
}

/** What to print when a process cannot start: names and reasons, never values. */
export function bootReport(error: unknown): string {
  if (error instanceof BootError) {
    const lines = error.problems.map((problem) => `  - ${problem}\n`);
    return `cannot start, ${error.problems.length} problem(s):\n${lines.join('')}`;
  }
  return `cannot start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

async function exitAfterClose(services: RunningServices, code: number): Promise<never> {
  const limit = setTimeout(() => {
    services.logger.error('shutdown took too long');
    services.logger.flush();
    process.exit(1);
  }, SHUTDOWN_LIMIT_MS);
  limit.unref();
  try {
    await services.close();
  } catch (error) {
    services.logger.error('shutdown failed', error);
    code = 1;
  }
  services.logger.flush();
  process.exit(code);
}

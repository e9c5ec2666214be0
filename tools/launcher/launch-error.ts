import { BootError } from '@getupnet/platform';
import { EmbeddedPostgresError } from '../embedded-postgres/index.js';

/** EX_CONFIG of sysexits.h: something about the installation is wrong, not the program. */
export const EXIT_CONFIG = 78;

/** A mistake the person at the terminal can mend; the message says how. */
export class LaunchError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LaunchError';
  }
}

/** What to print for a failed start: advice for the foreseeable, a stack for the rest. */
export function explain(error: unknown): { text: string; exitCode: number } {
  if (error instanceof LaunchError || error instanceof EmbeddedPostgresError) {
    return { text: error.message, exitCode: EXIT_CONFIG };
  }
  if (error instanceof BootError && isAddressInUse(error.cause)) {
    const variable = error.message.startsWith('INTERNAL_PORT') ? 'INTERNAL_PORT' : 'PORT';
    const text =
      `El puerto ${error.cause.port} ya lo usa otro programa.\n` +
      `Ciérrelo, o elija otro: ${variable}=${error.cause.port + 1000} npm run demo ` +
      `(${variable}=0 toma uno libre).`;
    return { text, exitCode: EXIT_CONFIG };
  }
  if (error instanceof BootError) {
    return { text: `No se pudo arrancar:\n${error.message}`, exitCode: EXIT_CONFIG };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `Error inesperado al arrancar:\n${text}`, exitCode: 1 };
}

function isAddressInUse(cause: unknown): cause is Error & { readonly port: number } {
  return (
    cause instanceof Error &&
    'code' in cause &&
    cause.code === 'EADDRINUSE' &&
    'port' in cause &&
    typeof cause.port === 'number'
  );
}

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
  if (error instanceof BootError) {
    return { text: `No se pudo arrancar:\n${error.message}`, exitCode: EXIT_CONFIG };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `Error inesperado al arrancar:\n${text}`, exitCode: 1 };
}

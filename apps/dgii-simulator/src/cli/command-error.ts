/** 0: done · 2: the command is not written as it should be · 78: something on this machine is in the way. */
export const EXIT = { ok: 0, misuse: 2, config: 78 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something the person at the terminal can mend; the message, in Spanish, says how. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.misuse,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CommandError';
  }
}

/** The system's code of a failure (`ENOENT`), or nothing. */
export function errnoOf(error: unknown): string {
  const is = typeof error === 'object' && error !== null && 'code' in error;
  return is ? String(error.code) : '';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no existe',
  EISDIR: 'es un directorio',
  ENOTDIR: 'una parte de la ruta no es un directorio',
  EEXIST: 'ya existe y no es un directorio',
  EACCES: 'no hay permiso',
  EPERM: 'no hay permiso',
  EROFS: 'el disco es de solo lectura',
  ENOSPC: 'no queda espacio en el disco',
};

/** Why the system did not do it, in Spanish where it is a usual reason. */
export function because(error: unknown): string {
  return REASONS[errnoOf(error)] ?? (error instanceof Error ? error.message : String(error));
}

import { errorFacts } from './error-facts.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no existe',
  EISDIR: 'es un directorio',
  ENOTDIR: 'no es un directorio',
  EEXIST: 'ya existe y no es lo que se espera',
  EACCES: 'no hay permiso para abrirlo',
  EPERM: 'no hay permiso para abrirlo',
  EROFS: 'está en un disco de solo lectura',
  ENOSPC: 'no queda espacio en el disco',
  EDQUOT: 'se agotó su cuota de disco',
  ENAMETOOLONG: 'su nombre es demasiado largo',
  EMFILE: 'hay demasiados archivos abiertos',
  EBUSY: 'está en uso',
};

/** Why a file could not be used, in Spanish where it is known. */
export function because(error: unknown): string {
  const { code, message } = errorFacts(error);
  return REASONS[code] ?? message;
}

/** A line about the file or directory that an error of the file system is about; null for any other. */
export function fileFault(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const path = 'path' in error ? error.path : undefined;
  const reason = REASONS[errorFacts(error).code];
  if (typeof path !== 'string' || reason === undefined) return null;
  return `No se pudo usar «${path}»: ${reason}.`;
}

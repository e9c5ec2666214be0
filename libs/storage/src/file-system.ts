import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '@getupnet/kernel';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const REFUSED = ['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'ELOOP', 'ENOTSUP', 'EXDEV'];

/** What a failed call of the file system means to the caller. */
export function meaningOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (FULL.includes(code)) return new AppError('storage.full', {}, { cause: error });
  if (REFUSED.includes(code)) {
    return new AppError('storage.refused', { reason: code }, { cause: error });
  }
  return new AppError('dependency.unavailable', { dependency: 'almacén' }, { cause: error });
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** A fresh file with these bytes, read-only from the start, on the disk when this resolves. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o444);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name is on the disk only once its directory is. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

import { AppError } from '@getupnet/kernel';

/** Bounds of one question for names. */
export interface ListOptions {
  /** Only names that come after this one. */
  readonly after?: string;
  /** At most {@link MAX_LISTED}, which is also the default. */
  readonly limit?: number;
}

/** No object is larger: readers take them whole. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
export const MAX_LISTED = 1_000;

/**
 * Storage in which nothing is ever changed or removed (write once, read many). Names are relative
 * paths such as `checkpoints/000000000001.json`.
 *
 * Fails with `storage.full`, `storage.refused` (no permission, not a WORM store),
 * `storage.conflict` (the name holds other bytes) or `dependency.unavailable`. After any failure the
 * name holds nothing or all of the bytes, and the same call may be repeated.
 */
export abstract class WormStore {
  /**
   * Makes the object, durably: when this resolves, a loss of power does not undo it. The same bytes
   * under the same name again are no fault; other bytes are refused.
   */
  abstract put(name: string, bytes: Uint8Array): Promise<void>;

  /** The bytes that were put first, or null when there are none. */
  abstract get(name: string): Promise<Buffer | null>;

  /** Names directly in a folder such as `checkpoints/`, in byte order. */
  abstract list(folder: string, options?: ListOptions): Promise<readonly string[]>;

  /** Closes its connections. */
  abstract close(): Promise<void>;
}

const PART = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}';
const NAME = new RegExp(`^(${PART}/){0,4}${PART}$`);
const FOLDER = new RegExp(`^(${PART}/){1,4}$`);

/** Refuses names that could mean something to a file system: a fault of the program, not of a user. */
export function checkName(name: string): void {
  if (!NAME.test(name)) throw new RangeError(`not a name of a WORM object: ${name}`);
}

export function checkFolder(folder: string): void {
  if (!FOLDER.test(folder)) throw new RangeError(`not a folder of a WORM store: ${folder}`);
}

export function checkSize(name: string, bytes: Uint8Array): void {
  if (bytes.length > MAX_OBJECT_BYTES) {
    throw new RangeError(`${name} has ${bytes.length} bytes, at most ${MAX_OBJECT_BYTES}`);
  }
}

/** How many names an answer may have. */
export function limitOf({ limit = MAX_LISTED }: ListOptions): number {
  return Math.max(0, Math.min(limit, MAX_LISTED));
}

/** The name already holds other bytes: two writers disagree, or somebody wrote in our place. */
export function conflict(name: string): AppError {
  return new AppError('storage.conflict', { name });
}

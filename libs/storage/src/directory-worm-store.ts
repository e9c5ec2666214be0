import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, opendir, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { codeOf, meaningOf, syncDirectory, writeDurably } from './file-system.js';
import {
  WormStore,
  checkFolder,
  checkName,
  checkSize,
  conflict,
  limitOf,
  type ListOptions,
} from './worm-store.js';

/** Files on their way; names of objects never begin with a dot. */
const STAGING = '.staging';

/**
 * WORM in a directory: files are written aside, brought to the disk, and given their name with
 * link(2), which never replaces one. The folders of objects need no right to remove or rename, so an
 * operator may make them append-only (`chattr +a`). Whoever owns the machine can still replace
 * files: another machine's share, or S3 with Object Lock, is stronger.
 */
export class DirectoryWormStore extends WormStore {
  constructor(private readonly root: string) {
    super();
  }

  override async put(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    checkSize(name, bytes);
    await this.putFile(name, bytes).catch((error: unknown) => Promise.reject(meaningOf(error)));
  }

  override async get(name: string): Promise<Buffer | null> {
    checkName(name);
    try {
      return await read(join(this.root, name));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw meaningOf(error);
    }
  }

  override async list(folder: string, options: ListOptions = {}): Promise<readonly string[]> {
    checkFolder(folder);
    const names: string[] = [];
    try {
      for await (const entry of await opendir(join(this.root, folder), { bufferSize: 1_024 })) {
        if (entry.isFile() && !entry.name.startsWith('.')) names.push(folder + entry.name);
      }
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw meaningOf(error);
    }
    const { after = '' } = options;
    return names
      .filter((name) => name > after)
      .sort()
      .slice(0, limitOf(options));
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  private async putFile(name: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.root, name);
    await this.makeDirectory(dirname(target));
    await this.makeDirectory(join(this.root, STAGING));
    const staged = join(this.root, STAGING, randomUUID());
    try {
      await writeDurably(staged, bytes);
      await link(staged, target).catch((error: unknown) =>
        sameOrRefused(error, target, bytes, name),
      );
    } finally {
      await unlink(staged).catch(unlessAbsent);
    }
    // Also when the file was there: whoever made it may have died before this.
    await syncDirectory(dirname(target));
  }

  /** With all directories above it up to the root; each made one is brought to the disk. */
  private async makeDirectory(path: string): Promise<void> {
    const first = await mkdir(path, { recursive: true, mode: 0o755 });
    if (first === undefined) return;
    const depth = relative(dirname(first), path).split('/').length;
    for (let at = path, level = 0; level < depth; level += 1) {
      at = dirname(at);
      await syncDirectory(at);
    }
  }
}

async function read(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The name is taken: fine if by these very bytes. */
async function sameOrRefused(
  error: unknown,
  target: string,
  bytes: Uint8Array,
  name: string,
): Promise<void> {
  if (codeOf(error) !== 'EEXIST') throw error;
  const present = await read(target);
  if (!present.equals(bytes)) throw conflict(name);
}

function unlessAbsent(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error;
}

import { Clock } from '@getupnet/kernel';
import { S3Objects } from './s3-objects.js';
import {
  WormStore,
  checkFolder,
  checkName,
  checkSize,
  conflict,
  limitOf,
  type ListOptions,
} from './worm-store.js';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface S3WormOptions {
  readonly retentionDays: number;
  /** First part of all keys, such as `getupnet/`; empty for none. */
  readonly prefix: string;
}

/**
 * WORM in an S3 bucket with Object Lock: each object is created only where there is none, under
 * COMPLIANCE retention, which nobody can shorten. In such a bucket a key can still be hidden by a
 * delete marker and then be written again, as a newer version; so the oldest version is what was
 * put, here and for whoever verifies.
 */
export class S3WormStore extends WormStore {
  constructor(
    private readonly objects: S3Objects,
    private readonly clock: Clock,
    private readonly options: S3WormOptions,
  ) {
    super();
  }

  override async put(name: string, bytes: Uint8Array): Promise<void> {
    checkName(name);
    checkSize(name, bytes);
    const key = this.options.prefix + name;
    const until = new Date(this.clock.now().getTime() + this.options.retentionDays * DAY_MS);
    await this.objects.create(key, bytes, until);
    // Read back whether it was created or was there: the store must hold these bytes, and first.
    const present = await this.objects.readOldest(key);
    if (present === null || !present.equals(bytes)) throw conflict(name);
  }

  override async get(name: string): Promise<Buffer | null> {
    checkName(name);
    return this.objects.readOldest(this.options.prefix + name);
  }

  override async list(folder: string, options: ListOptions = {}): Promise<readonly string[]> {
    checkFolder(folder);
    const { prefix } = this.options;
    const after = options.after === undefined ? undefined : prefix + options.after;
    const keys = await this.objects.keys(prefix + folder, after, limitOf(options));
    return keys.map((key) => key.slice(prefix.length));
  }

  override close(): Promise<void> {
    return this.objects.close();
  }
}

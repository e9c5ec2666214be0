import { AppError } from '@getupnet/kernel';
import type { ListObjectVersionsCommandOutput, S3 } from '@aws-sdk/client-s3';

export interface S3ObjectsOptions {
  readonly bucket: string;
  /** The SDK's own chain (AWS_REGION, profile, instance) when absent. */
  readonly region?: string;
  /** Another address than AWS's, for private endpoints and compatible stores. */
  readonly endpoint?: string;
}

const CONNECT_TIMEOUT_MS = 3_000;
const REQUEST_TIMEOUT_MS = 20_000;
const MAX_ATTEMPTS = 2;
const PAGE = 1_000;
/** Versions of one key: one, unless somebody tampers; more pages than these are not looked at. */
const MAX_PAGES = 1_000;

/**
 * The three calls of S3 that a WORM store needs. Credentials come from the SDK's default chain. The
 * SDK is loaded on first use: installations without S3 never pay for it.
 */
export class S3Objects {
  #client: Promise<S3> | undefined;

  constructor(private readonly options: S3ObjectsOptions) {}

  /** Creates the object unless the key is taken; says whether it did. */
  async create(key: string, bytes: Uint8Array, retainUntil: Date): Promise<boolean> {
    const client = await this.client();
    try {
      await client.putObject({
        Bucket: this.options.bucket,
        Key: key,
        Body: bytes,
        ContentType: 'application/json',
        IfNoneMatch: '*',
        ChecksumAlgorithm: 'SHA256',
        ObjectLockMode: 'COMPLIANCE',
        ObjectLockRetainUntilDate: retainUntil,
      });
      return true;
    } catch (error) {
      if (statusOf(error) === 412) return false;
      throw meaningOf(error);
    }
  }

  /** Bytes of a key's oldest version, or null when it has none. */
  async readOldest(key: string): Promise<Buffer | null> {
    const client = await this.client();
    try {
      const version = await this.oldestVersion(client, key);
      if (version === undefined) return null;
      const { Body: body } = await client.getObject({
        Bucket: this.options.bucket,
        Key: key,
        VersionId: version,
      });
      if (body === undefined) throw new Error('the object came without a body');
      return Buffer.from(await body.transformToByteArray());
    } catch (error) {
      throw meaningOf(error);
    }
  }

  /** Keys directly under a prefix, in byte order; those hidden by a delete marker too. */
  async keys(prefix: string, after: string | undefined, limit: number): Promise<string[]> {
    const client = await this.client();
    const keys = new Set<string>();
    try {
      for await (const page of this.pages(client, prefix, after)) {
        for (const { Key: key } of page.Versions ?? []) {
          if (key !== undefined && (after === undefined || key > after)) keys.add(key);
          if (keys.size >= limit) return [...keys];
        }
      }
    } catch (error) {
      throw meaningOf(error);
    }
    return [...keys];
  }

  /** Closes its connections. */
  async close(): Promise<void> {
    if (this.#client !== undefined) (await this.#client).destroy();
  }

  /** S3 lists a key's versions from the newest to the oldest. */
  private async oldestVersion(client: S3, key: string): Promise<string | undefined> {
    let oldest: string | undefined;
    for await (const page of this.pages(client, key)) {
      for (const version of page.Versions ?? []) {
        if (version.Key !== key) return oldest;
        oldest = version.VersionId ?? 'null';
      }
    }
    return oldest;
  }

  private async *pages(
    client: S3,
    prefix: string,
    after?: string,
  ): AsyncGenerator<ListObjectVersionsCommandOutput> {
    let marker = after === undefined ? {} : { KeyMarker: after };
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await client.listObjectVersions({
        Bucket: this.options.bucket,
        Prefix: prefix,
        Delimiter: '/',
        MaxKeys: PAGE,
        ...marker,
      });
      yield answer;
      if (answer.IsTruncated !== true || answer.NextKeyMarker === undefined) return;
      const version = answer.NextVersionIdMarker;
      marker = {
        KeyMarker: answer.NextKeyMarker,
        ...(version === undefined ? {} : { VersionIdMarker: version }),
      };
    }
    throw new Error(`more than ${MAX_PAGES} pages of versions under ${prefix}`);
  }

  private client(): Promise<S3> {
    this.#client ??= this.connect();
    return this.#client;
  }

  private async connect(): Promise<S3> {
    const { S3 } = await import('@aws-sdk/client-s3');
    const { region, endpoint } = this.options;
    return new S3({
      ...(region === undefined ? {} : { region }),
      // Compatible stores rarely have a host name for each bucket.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    });
  }
}

const REFUSED: readonly number[] = [400, 401, 403, 404, 405, 501];
const FULL: readonly string[] = ['QuotaExceeded', 'XMinioStorageFull', 'EntityTooLarge'];

function meaningOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const name = error instanceof Error ? error.name : '';
  if (FULL.includes(name) || statusOf(error) === 507) {
    return new AppError('storage.full', {}, { cause: error });
  }
  if (REFUSED.includes(statusOf(error) ?? 0)) {
    return new AppError('storage.refused', { reason: name }, { cause: error });
  }
  return new AppError('dependency.unavailable', { dependency: 'almacén' }, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const { $metadata: metadata } = error;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface StoredVersion {
  readonly id: string;
  readonly bytes: Buffer;
  readonly mode: string | undefined;
  readonly until: string | undefined;
  readonly checksum: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly body?: string | Buffer;
}

const MAX_KEYS = 3;

/** A bucket with versions, on a free port: as much of S3's REST protocol as a WORM store speaks. */
export class FakeS3 {
  /** Versions of each key, the oldest first; `null` is a delete marker. */
  readonly objects = new Map<string, (StoredVersion | null)[]>();
  readonly authorizations: string[] = [];
  objectLock = true;
  failing: { readonly status: number; readonly code: string } | undefined;
  url = '';
  private server: Server | undefined;
  private count = 0;

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(body);
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.close();
    this.server?.closeAllConnections();
    if (this.server !== undefined) await once(this.server, 'close');
  }

  reset(): void {
    this.objects.clear();
    this.objectLock = true;
    this.failing = undefined;
  }

  /** What only somebody else than we would do. */
  lay(key: string, bytes: Buffer | null): void {
    const version = bytes && { ...this.version(bytes, {}) };
    this.objects.set(key, [...(this.objects.get(key) ?? []), version]);
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const bytes = await buffer(request);
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const [, , ...key] = pathname.split('/').map(decodeURIComponent);
    this.authorizations.push(String(request.headers.authorization));
    if (this.failing) return fault(this.failing.status, this.failing.code);
    if (request.method === 'PUT') return this.put(key.join('/'), bytes, request.headers);
    if (searchParams.has('versions')) return this.versions(searchParams);
    const versions = this.objects.get(key.join('/')) ?? [];
    const found = versions.find((version) => version?.id === searchParams.get('versionId'));
    return found ? { status: 200, body: found.bytes } : fault(404, 'NoSuchVersion');
  }

  private put(key: string, bytes: Buffer, headers: IncomingMessage['headers']): Answer {
    if (!this.objectLock) return fault(400, 'InvalidRequest');
    const versions = this.objects.get(key) ?? [];
    const current = versions.at(-1);
    if (headers['if-none-match'] === '*' && current) return fault(412, 'PreconditionFailed');
    this.objects.set(key, [...versions, this.version(bytes, headers)]);
    return { status: 200 };
  }

  private version(bytes: Buffer, headers: IncomingMessage['headers']): StoredVersion {
    this.count += 1;
    const text = (name: string): string | undefined => headers[name]?.toString();
    return {
      id: `v${this.count}`,
      bytes,
      mode: text('x-amz-object-lock-mode'),
      until: text('x-amz-object-lock-retain-until-date'),
      checksum: text('x-amz-checksum-sha256'),
    };
  }

  /** Pages of three, to have several. */
  private versions(query: URLSearchParams): Answer {
    const [prefix, keyMarker, versionMarker] = ['prefix', 'key-marker', 'version-id-marker'].map(
      (name) => query.get(name) ?? '',
    );
    const all = [...this.objects]
      .filter(([key]) => key.startsWith(prefix!) && !key.slice(prefix!.length).includes('/'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, versions]) => versions.map((version) => ({ key, version })).reverse());
    const start = all.findIndex(({ key, version }) =>
      versionMarker === '' ? key > keyMarker! : key === keyMarker && version?.id === versionMarker,
    );
    const from = versionMarker === '' ? start : start + 1;
    const page = start === -1 ? [] : all.slice(from, from + MAX_KEYS);
    const last = page.at(-1);
    const more = start !== -1 && from + MAX_KEYS < all.length;
    const next = `<NextKeyMarker>${last?.key}</NextKeyMarker><NextVersionIdMarker>${last?.version?.id}</NextVersionIdMarker>`;
    const entries = page.map(({ key, version }) =>
      version
        ? `<Version><Key>${key}</Key><VersionId>${version.id}</VersionId></Version>`
        : `<DeleteMarker><Key>${key}</Key><VersionId>marker</VersionId></DeleteMarker>`,
    );
    const body = `<ListVersionsResult><IsTruncated>${more}</IsTruncated>${more ? next : ''}${entries.join('')}</ListVersionsResult>`;
    return { status: 200, body };
  }
}

const fault = (status: number, code: string): Answer => ({
  status,
  body: `<Error><Code>${code}</Code><Message>x</Message></Error>`,
});

import { migrate } from '@getupnet/persistence';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../embedded-postgres/index.js';
import type { TcpProxy } from '../weather/tcp-proxy.js';

/**
 * Survives its own crash like a production server (each commit is in the log before it is answered),
 * but not the machine's: nothing waits for the disk.
 */
const SETTINGS = { fsync: 'off', max_connections: '300', shared_buffers: '256MB' };

/** The truth, behind a proxy, on a port that changes with every crash. */
export class Database {
  #server: EmbeddedPostgres;

  private constructor(
    private readonly dataDir: string,
    private readonly proxy: TcpProxy,
    server: EmbeddedPostgres,
  ) {
    this.#server = server;
    this.#aim();
  }

  static async open(dataDir: string, proxy: TcpProxy): Promise<Database> {
    const server = await startEmbeddedPostgres({ dataDir, settings: SETTINGS });
    await migrate(server.ownerUrl);
    return new Database(dataDir, proxy, server);
  }

  /** The owner's connection, past the proxy. */
  get ownerUrl(): string {
    return this.#server.ownerUrl;
  }

  /** Sees every row of every tenant; past the proxy. */
  get superuserUrl(): string {
    return this.#server.superuserUrl;
  }

  /** What services are given: through the proxy, whatever port the server has. */
  get serviceUrl(): string {
    const url = new URL(this.#server.ownerUrl);
    url.port = String(this.proxy.port);
    return url.href;
  }

  /** Immediate stop, then a start that recovers from the log. */
  async crash(): Promise<void> {
    await this.#server.crash();
    this.#server = await startEmbeddedPostgres({ dataDir: this.dataDir, settings: SETTINGS });
    this.#aim();
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** Deletes the data, too. */
  async destroy(): Promise<void> {
    await this.#server.destroy();
  }

  #aim(): void {
    this.proxy.aim([Number(new URL(this.#server.ownerUrl).port)]);
  }
}

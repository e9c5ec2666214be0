import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Pools } from './db/pools.js';

/** Channels of PostgreSQL's NOTIFY; payloads are ids only. */
export type Channel = 'outbox' | 'document_final';

const RECONNECT_MS = 1_000;

/**
 * One LISTEN connection per process. Notifications are a shortcut: every listener also looks by
 * itself now and then, so a lost connection costs time, never work.
 */
@Injectable()
export class Notifications implements OnApplicationShutdown {
  private readonly logger = new Logger(Notifications.name);
  private readonly handlers = new Map<Channel, Set<(payload: string) => void>>();
  private client: pg.Client | null = null;
  private connecting: Promise<void> | null = null;
  private retry: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(private readonly pools: Pools) {}

  /** Calls `handler` for each notification until the returned function is called. */
  async listen(channel: Channel, handler: (payload: string) => void): Promise<() => Promise<void>> {
    const set = this.handlers.get(channel) ?? new Set();
    this.handlers.set(channel, set.add(handler));
    await this.connect();
    await this.client?.query(`LISTEN ${channel}`);
    return async () => {
      set.delete(handler);
      if (set.size === 0) await this.client?.query(`UNLISTEN ${channel}`);
    };
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.client?.end();
    this.client = null;
  }

  private connect(): Promise<void> {
    if (this.client || this.closed) return Promise.resolve();
    this.connecting ??= this.open().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new pg.Client(this.pools.configOf('app'));
    client.on('notification', (message) => {
      const handlers = this.handlers.get(message.channel as Channel) ?? [];
      for (const handler of handlers) handler(message.payload ?? '');
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      for (const channel of this.handlers.keys()) await client.query(`LISTEN ${channel}`);
      this.client = client;
    } catch (error) {
      this.lost(client, error);
    }
  }

  private lost(client: pg.Client, error?: unknown): void {
    if (this.closed || (this.client !== null && this.client !== client)) return;
    this.client = null;
    if (error !== undefined) this.logger.warn({ err: error, msg: 'notification link lost' });
    this.retry ??= setTimeout(() => {
      this.retry = null;
      void this.connect();
    }, RECONNECT_MS);
  }
}

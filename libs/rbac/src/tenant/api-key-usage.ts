import { Clock } from '@getupnet/kernel';
import { Pools } from '@getupnet/persistence';
import { SecurityEvents, type RequestContext } from '@getupnet/platform';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ExpiringLru } from '../expiring-lru.js';
import type { ApiKeyRecord } from './api-key-directory.js';

/** A key's last use is written down once in this time at most. */
const WRITTEN_EVERY_MS = 60_000;
/** Uses of many keys are written together. */
const GATHER_MS = 2_000;
const KEYS = 10_000;

const WRITE = `
  UPDATE api_key k SET last_used_at = used.at
    FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS used (tenant_id, id, at)
   WHERE k.tenant_id = used.tenant_id AND k.id = used.id
     AND (k.last_used_at IS NULL OR k.last_used_at < used.at)`;

type UsedKey = Pick<ApiKeyRecord, 'tenantId' | 'apiKeyId'>;

interface Use extends UsedKey {
  readonly at: Date;
}

/** When keys were last used: noted in memory as requests pass, written behind their back. */
@Injectable()
export class ApiKeyUsage implements OnApplicationShutdown {
  readonly #recent = new ExpiringLru<true>(KEYS, WRITTEN_EVERY_MS);
  readonly #logger = new Logger('ApiKeyUsage');
  #pending: Use[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pools: Pools,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
  ) {}

  /** The right key, from an address it is not for: somebody has it who should not. */
  refused({ tenantId, apiKeyId }: UsedKey, context: RequestContext): void {
    this.events.emit('address.refused', { tenantId, apiKeyId }, context);
  }

  note({ tenantId, apiKeyId }: UsedKey): void {
    const at = this.clock.now();
    if (this.#recent.get(apiKeyId, at.getTime()) !== undefined) return;
    this.#recent.set(apiKeyId, true, at.getTime());
    this.#pending.push({ tenantId, apiKeyId, at });
    this.#timer ??= setTimeout(() => void this.write(), GATHER_MS).unref();
  }

  /** What is noted and not written yet. A use that cannot be written is told and forgotten. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const uses = this.#pending;
    if (uses.length === 0) return;
    this.#pending = [];
    try {
      await this.pools.query('identity', WRITE, [
        uses.map(({ tenantId }) => tenantId),
        uses.map(({ apiKeyId }) => apiKeyId),
        uses.map(({ at }) => at),
      ]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn({
        message: 'last uses of API keys not written',
        keys: uses.length,
        reason,
      });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.write();
  }
}

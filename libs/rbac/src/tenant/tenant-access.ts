import type { Permission } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import {
  AccessControl,
  AccessRegistry,
  type CalledRoute,
  type HttpRequest,
} from '@getupnet/platform';
import { setTenant, type TenantContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { ApiKeyDirectory, type ApiKeyRecord } from './api-key-directory.js';
import { hashApiKey, isApiKeyShaped } from './api-key.js';
import { ExpiringLru } from './expiring-lru.js';

/** A revoked key or a suspended tenant may still pass this long. */
const CACHE_TTL_MS = 30_000;
const CACHE_ENTRIES = 10_000;

/** What is remembered of a known key; `undefined` directory answers are never remembered. */
interface KnownKey {
  readonly record: ApiKeyRecord;
  readonly permissions: ReadonlySet<Permission>;
  readonly expiresAtMs: number;
}

/** Scope TENANT: `Authorization: Bearer gk_…`, its tenant, its permissions. */
@Injectable()
export class TenantAccess extends AccessControl {
  override readonly scope = 'TENANT';
  readonly #keys = new ExpiringLru<KnownKey>(CACHE_ENTRIES, CACHE_TTL_MS);
  readonly #lookups = new Map<string, Promise<KnownKey>>();

  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly clock: Clock,
    registry: AccessRegistry,
  ) {
    super();
    registry.register(this);
  }

  override admit(request: HttpRequest, route: CalledRoute): void | Promise<void> {
    const hash = hashApiKey(bearerOf(request));
    const known = this.#keys.get(hash, this.clock.now().getTime());
    if (known !== undefined) return this.#pass(known, request, route);
    return this.#lookUp(hash).then((found) => this.#pass(found, request, route));
  }

  /** One question to the directory for any number of requests that wait for the same key. */
  #lookUp(hash: string): Promise<KnownKey> {
    const waiting = this.#lookups.get(hash);
    if (waiting !== undefined) return waiting;
    const lookup = this.#ask(hash).finally(() => this.#lookups.delete(hash));
    this.#lookups.set(hash, lookup);
    return lookup;
  }

  async #ask(hash: string): Promise<KnownKey> {
    const record = await this.directory.find(hash);
    if (record === undefined || record.revokedAt !== null) throw new AppError('auth.token_invalid');
    const known = {
      record,
      permissions: new Set(record.permissions as readonly Permission[]),
      expiresAtMs: record.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
    };
    this.#keys.set(hash, known, this.clock.now().getTime());
    return known;
  }

  #pass(known: KnownKey, request: HttpRequest, { endpoint }: CalledRoute): void {
    const { record, permissions, expiresAtMs } = known;
    if (this.clock.now().getTime() >= expiresAtMs) throw new AppError('auth.token_expired');
    const stated = request.headers['x-tenant-id'];
    if (stated !== undefined && String(stated).toLowerCase() !== record.tenantId) {
      throw new AppError('tenant.mismatch');
    }
    if (record.status !== 'ACTIVE') throw new AppError('tenant.suspended');
    if (!endpoint.permissions.some((permission) => permissions.has(permission as Permission))) {
      throw new AppError('auth.forbidden', { permission: endpoint.permissions.join(' / ') });
    }
    setTenant(request.ctx, tenantContext(known, request.ctx.requestId));
  }
}

function bearerOf(request: HttpRequest): string {
  const header = request.headers.authorization;
  if (header === undefined || header === '') throw new AppError('auth.token_missing');
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (token === undefined || !isApiKeyShaped(token)) throw new AppError('auth.token_invalid');
  return token;
}

function tenantContext({ record, permissions }: KnownKey, requestId: string): TenantContext {
  return {
    tenantId: record.tenantId,
    environment: record.environment,
    productionEnabled: record.productionEnabled,
    rnc: record.rnc,
    tenantName: record.tenantName,
    profile: record.profile,
    actor: { kind: 'api-key', id: record.apiKeyId, name: record.name },
    permissions,
    requestId,
  };
}

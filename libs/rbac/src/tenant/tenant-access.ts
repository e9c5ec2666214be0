import type { Permission } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import {
  AccessControl,
  AccessRegistry,
  AddressList,
  clientAddress,
  type CalledRoute,
  type HttpRequest,
} from '@getupnet/platform';
import { setTenant, setUser, type TenantContext } from '@getupnet/tenant-context';
import { Injectable } from '@nestjs/common';
import { bearerOf, forbidden, isPermitted } from '../bearer.js';
import { ExpiringLru } from '../expiring-lru.js';
import { SessionAccess, type LiveSession } from '../session/session-access.js';
import type { SessionTenant } from '../session/session-directory.js';
import { userOf } from '../session/user-of.js';
import { ApiKeyDirectory, type ApiKeyRecord } from './api-key-directory.js';
import { hashApiKey, isApiKeyShaped } from './api-key.js';
import { ApiKeyUsage } from './api-key-usage.js';

/** A revoked key or a suspended tenant may still pass this long. */
const CACHE_TTL_MS = 10_000;
const CACHE_ENTRIES = 10_000;

/** What is remembered of a known key; `undefined` directory answers are never remembered. */
interface KnownKey {
  readonly record: ApiKeyRecord;
  readonly permissions: ReadonlySet<Permission>;
  readonly expiresAtMs: number;
  /** None: from anywhere. */
  readonly allowed: AddressList | undefined;
}

/**
 * Scope TENANT: `Authorization: Bearer`, an API key (`gk_…`) or the access token of a session that acts
 * for a tenant; its tenant, its permissions.
 */
@Injectable()
export class TenantAccess extends AccessControl {
  override readonly scope = 'TENANT';
  readonly #keys = new ExpiringLru<KnownKey>(CACHE_ENTRIES, CACHE_TTL_MS);
  readonly #lookups = new Map<string, Promise<KnownKey>>();

  constructor(
    private readonly directory: ApiKeyDirectory,
    private readonly sessions: SessionAccess,
    private readonly usage: ApiKeyUsage,
    private readonly clock: Clock,
    registry: AccessRegistry,
  ) {
    super();
    registry.register(this);
  }

  override admit(request: HttpRequest, route: CalledRoute): void | Promise<void> {
    const token = bearerOf(request);
    if (!isApiKeyShaped(token)) return this.#admitSession(token, request, route);
    const hash = hashApiKey(token);
    const known = this.#keys.get(hash, this.clock.now().getTime());
    if (known !== undefined) return this.#pass(known, request, route);
    return this.#lookUp(hash).then((found) => this.#pass(found, request, route));
  }

  /** Its next use is looked up again: for the process that changed the key with this hash. */
  forget(hash: string): void {
    this.#keys.delete(hash);
    this.#lookups.delete(hash);
  }

  async #admitSession(token: string, request: HttpRequest, route: CalledRoute): Promise<void> {
    const session = await this.sessions.open(token);
    const { tenant, permissions } = session;
    if (tenant === null) throw forbidden(route);
    admitTenant({ id: tenant.id, status: tenant.status, permissions }, request, route);
    setUser(request.ctx, userOf(session));
    setTenant(request.ctx, sessionTenant(session, tenant, request.ctx.requestId));
  }

  /** One question to the directory for any number of requests that wait for the same key. */
  #lookUp(hash: string): Promise<KnownKey> {
    const waiting = this.#lookups.get(hash);
    if (waiting !== undefined) return waiting;
    const lookup: Promise<KnownKey> = this.#ask(hash)
      .then((known) => {
        // Forgotten meanwhile: the answer may be older than what made us forget.
        if (this.#lookups.get(hash) === lookup) {
          this.#keys.set(hash, known, this.clock.now().getTime());
        }
        return known;
      })
      .finally(() => {
        if (this.#lookups.get(hash) === lookup) this.#lookups.delete(hash);
      });
    this.#lookups.set(hash, lookup);
    return lookup;
  }

  async #ask(hash: string): Promise<KnownKey> {
    const record = await this.directory.find(hash);
    if (record === undefined || record.revokedAt !== null) throw new AppError('auth.token_invalid');
    return {
      record,
      permissions: new Set(record.permissions as readonly Permission[]),
      expiresAtMs: record.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      allowed: record.allowedCidrs.length === 0 ? undefined : new AddressList(record.allowedCidrs),
    };
  }

  #pass(known: KnownKey, request: HttpRequest, route: CalledRoute): void {
    const { record, permissions, expiresAtMs, allowed } = known;
    if (this.clock.now().getTime() >= expiresAtMs) throw new AppError('auth.token_expired');
    const address = clientAddress(request);
    if (allowed?.has(address) === false) {
      this.usage.refused(record, request.ctx);
      throw new AppError('auth.forbidden', { permission: `de uso desde la dirección ${address}` });
    }
    this.usage.note(record);
    const { tenantId: id, status } = record;
    admitTenant({ id, status, permissions }, request, route);
    setTenant(request.ctx, tenantContext(known, request.ctx.requestId));
  }
}

interface Admitted {
  readonly id: string;
  readonly status: string;
  readonly permissions: ReadonlySet<Permission>;
}

/** What API keys and sessions have in common: the tenant is the stated one, open, and may do this. */
function admitTenant(
  { id, status, permissions }: Admitted,
  request: HttpRequest,
  route: CalledRoute,
): void {
  const stated = request.headers['x-tenant-id'];
  if (stated !== undefined && String(stated).toLowerCase() !== id) {
    throw new AppError('tenant.mismatch');
  }
  // A frozen company can read all of its own and change nothing.
  const isOpen = status === 'ACTIVE' || (status === 'FROZEN' && route.endpoint.method === 'GET');
  if (!isOpen) throw new AppError('tenant.suspended');
  if (!isPermitted(permissions, route)) throw forbidden(route);
}

function sessionTenant(
  { permissions, userId: id, userName: name, impersonationReason }: LiveSession,
  tenant: SessionTenant,
  requestId: string,
): TenantContext {
  return {
    tenantId: tenant.id,
    environment: tenant.environment,
    productionEnabled: tenant.productionEnabled,
    rnc: tenant.rnc,
    tenantName: tenant.name,
    profile: tenant.profile,
    actor: { kind: 'user', id, name, ...(impersonationReason !== null && { impersonates: true }) },
    permissions,
    requestId,
  };
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

import type { Environment } from '@getupnet/contracts';
import { Pools, TenantDb } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { ApiKeyDirectory, type ApiKeyRecord } from './api-key-directory.js';

/** Role `identity` sees these columns of every tenant and nothing else of theirs. */
const FIND = `
  SELECT k.id AS "apiKeyId", k.name, k.permissions, k.expires_at AS "expiresAt",
         k.revoked_at AS "revokedAt", t.id AS "tenantId", t.rnc, t.name AS "tenantName",
         t.environment, t.production_enabled AS "productionEnabled", t.status
    FROM api_key_hash h
    JOIN api_key k ON k.tenant_id = h.tenant_id AND k.id = h.api_key_id
    JOIN tenant t ON t.id = h.tenant_id
   WHERE h.hash = $1`;

type Row = Omit<ApiKeyRecord, 'profile' | 'environment'> & { readonly environment: Environment };

/** API keys in PostgreSQL; the tenant's own data is read as that tenant. */
@Injectable()
export class DatabaseApiKeyDirectory extends ApiKeyDirectory {
  constructor(
    private readonly pools: Pools,
    private readonly db: TenantDb,
  ) {
    super();
  }

  override async find(hash: string): Promise<ApiKeyRecord | undefined> {
    const { rows } = await this.pools.query<Row>('identity', FIND, [hash]);
    const [row] = rows;
    if (row === undefined) return undefined;
    const { profile } = await this.db.run(row, (tx) =>
      tx.tenant.findUniqueOrThrow({ where: { id: row.tenantId }, select: { profile: true } }),
    );
    return { ...row, profile: isObject(profile) ? profile : {} };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

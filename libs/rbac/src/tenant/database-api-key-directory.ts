import type { Environment } from '@getupnet/contracts';
import { Pools } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';
import { ApiKeyDirectory, type ApiKeyRecord } from './api-key-directory.js';

const FIND = `
  SELECT k.id AS "apiKeyId", k.name, k.permissions, k.expires_at AS "expiresAt",
         k.revoked_at AS "revokedAt", k.allowed_cidrs AS "allowedCidrs", t.id AS "tenantId", t.rnc, t.name AS "tenantName",
         t.environment, t.production_enabled AS "productionEnabled", t.status,
         t.profile
    FROM api_key_hash h
    JOIN api_key k ON k.tenant_id = h.tenant_id AND k.id = h.api_key_id
    JOIN tenant t ON t.id = h.tenant_id
   WHERE h.hash = $1`;

type Row = Omit<ApiKeyRecord, 'profile' | 'environment'> & {
  readonly environment: Environment;
  readonly profile: unknown;
};

/** API keys in PostgreSQL, each with what its tenant's documents say of their issuer. */
@Injectable()
export class DatabaseApiKeyDirectory extends ApiKeyDirectory {
  constructor(private readonly pools: Pools) {
    super();
  }

  override async find(hash: string): Promise<ApiKeyRecord | undefined> {
    const { rows } = await this.pools.query<Row>('identity', FIND, [hash]);
    const [row] = rows;
    if (row === undefined) return undefined;
    return { ...row, profile: isObject(row.profile) ? row.profile : {} };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

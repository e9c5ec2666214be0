import type { Environment, Permission } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import type { ClientBase } from 'pg';

export interface NewTenant {
  readonly id?: string;
  readonly rnc: string;
  readonly name: string;
  readonly environment?: Environment;
  readonly productionEnabled?: boolean;
  readonly status?: 'ACTIVE' | 'SUSPENDED';
  /** Issuer block of its documents, with the format's own field names. */
  readonly profile?: object;
  readonly apiKeys?: readonly NewTenantApiKey[];
  readonly ranges?: readonly NewTenantRange[];
}

export interface NewTenantApiKey {
  readonly id?: string;
  readonly name: string;
  /** First characters of the key. */
  readonly prefix: string;
  /** Hex SHA-256 of the whole key. */
  readonly hash: string;
  readonly permissions: readonly Permission[];
  readonly expiresAt?: Date | null;
  readonly revokedAt?: Date | null;
}

export interface NewTenantRange {
  readonly id?: string;
  readonly tipo: number;
  readonly first: number | bigint;
  readonly last: number | bigint;
  /** First number not given out yet; `first` when absent. */
  readonly next?: number | bigint;
  /** `yyyy-MM-dd` */
  readonly expiresOn: string | null;
  /** The tenant's when absent. */
  readonly environment?: Environment;
  /** Everybody's when absent. */
  readonly branch?: string;
}

export interface RegisteredTenant {
  readonly id: string;
  readonly apiKeyIds: readonly string[];
  readonly rangeIds: readonly string[];
}

/**
 * Makes a tenant with its keys and ranges, as the database's owner: no run-time role may make tenants.
 * For the launcher's demonstration tenants and for tests.
 */
export async function registerTenant(
  owner: ClientBase,
  tenant: NewTenant,
): Promise<RegisteredTenant> {
  const id = tenant.id ?? newId();
  const environment = tenant.environment ?? 'testecf';
  await owner.query('BEGIN');
  try {
    await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [id]);
    await owner.query(
      `INSERT INTO tenant (id, rnc, name, environment, production_enabled, status, profile)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id,
        tenant.rnc,
        tenant.name,
        environment,
        tenant.productionEnabled ?? false,
        tenant.status ?? 'ACTIVE',
        JSON.stringify(tenant.profile ?? {}),
      ],
    );
    const apiKeyIds: string[] = [];
    for (const key of tenant.apiKeys ?? []) apiKeyIds.push(await insertKey(owner, id, key));
    const rangeIds: string[] = [];
    for (const range of tenant.ranges ?? []) {
      rangeIds.push(await insertRange(owner, id, { environment, ...range }));
    }
    await owner.query('COMMIT');
    return { id, apiKeyIds, rangeIds };
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}

async function insertKey(
  owner: ClientBase,
  tenantId: string,
  key: NewTenantApiKey,
): Promise<string> {
  const id = key.id ?? newId();
  await owner.query(
    `INSERT INTO api_key (tenant_id, id, name, prefix, permissions, expires_at, revoked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantId, id, key.name, key.prefix, key.permissions, key.expiresAt, key.revokedAt],
  );
  await owner.query('INSERT INTO api_key_hash (hash, tenant_id, api_key_id) VALUES ($1, $2, $3)', [
    key.hash,
    tenantId,
    id,
  ]);
  return id;
}

async function insertRange(
  owner: ClientBase,
  tenantId: string,
  range: NewTenantRange,
): Promise<string> {
  const id = range.id ?? newId();
  await owner.query(
    `INSERT INTO encf_range
       (tenant_id, id, environment, tipo, first, last, next, expires_on, branch)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tenantId,
      id,
      range.environment,
      range.tipo,
      range.first,
      range.last,
      range.next ?? range.first,
      range.expiresOn,
      range.branch,
    ],
  );
  return id;
}

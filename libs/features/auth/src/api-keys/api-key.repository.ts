import type { Tx } from '@getupnet/persistence';
import { Injectable } from '@nestjs/common';

export interface StoredApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly permissions: readonly string[];
  readonly allowedCidrs: readonly string[];
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly replacedBy: string | null;
}

export type NewApiKeyRow = Omit<StoredApiKey, 'revokedAt' | 'lastUsedAt' | 'replacedBy'> & {
  readonly tenantId: string;
  /** Of the whole key, which is nowhere. */
  readonly hash: string;
};

const SHOWN = {
  id: true,
  name: true,
  prefix: true,
  permissions: true,
  allowedCidrs: true,
  createdAt: true,
  createdBy: true,
  expiresAt: true,
  revokedAt: true,
  lastUsedAt: true,
  replacedBy: true,
} as const;

/** API keys of the transaction's company. */
@Injectable()
export class ApiKeyRepository {
  /** Newest first. */
  async list(
    tx: Tx,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly StoredApiKey[]> {
    return tx.apiKey.findMany({
      where: page.before === null ? {} : { id: { lt: page.before } },
      orderBy: { id: 'desc' },
      take: page.limit,
      select: SHOWN,
    });
  }

  /** Locked: of two changes at once the second sees the first. */
  async hold(tx: Tx, tenantId: string, id: string): Promise<StoredApiKey | null> {
    await tx.$queryRaw`
      SELECT id FROM api_key WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid FOR UPDATE`;
    return tx.apiKey.findFirst({ where: { tenantId, id }, select: SHOWN });
  }

  async add(tx: Tx, { hash, ...key }: NewApiKeyRow): Promise<void> {
    const { permissions, allowedCidrs, id: apiKeyId, tenantId } = key;
    await tx.apiKey.createMany({
      data: [{ ...key, permissions: [...permissions], allowedCidrs: [...allowedCidrs] }],
    });
    await tx.apiKeyHash.createMany({ data: [{ hash, tenantId, apiKeyId }] });
  }

  async replace(
    tx: Tx,
    { tenantId, id }: { readonly tenantId: string; readonly id: string },
    { replacedBy, expiresAt }: { readonly replacedBy: string; readonly expiresAt: Date },
  ): Promise<void> {
    await tx.apiKey.updateMany({ where: { tenantId, id }, data: { replacedBy, expiresAt } });
  }

  async revoke(tx: Tx, tenantId: string, id: string, revokedAt: Date): Promise<void> {
    await tx.apiKey.updateMany({ where: { tenantId, id }, data: { revokedAt } });
  }

  async hashes(tx: Tx, tenantId: string, apiKeyId: string): Promise<readonly string[]> {
    const rows = await tx.apiKeyHash.findMany({
      where: { tenantId, apiKeyId },
      select: { hash: true },
    });
    return rows.map(({ hash }) => hash);
  }
}

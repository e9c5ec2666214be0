import type { Environment } from '@getupnet/contracts';

/** An API key with its tenant, as stored. */
export interface ApiKeyRecord {
  readonly apiKeyId: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  /** CIDR blocks it may be used from; none: any. */
  readonly allowedCidrs: readonly string[];
  readonly tenantId: string;
  readonly rnc: string;
  readonly tenantName: string;
  readonly environment: Environment;
  readonly productionEnabled: boolean;
  readonly status: string;
  readonly profile: Readonly<Record<string, unknown>>;
}

/** Where API keys are looked up, before the tenant is known. */
export abstract class ApiKeyDirectory {
  /** The key with this hash, revoked and expired ones included. */
  abstract find(hash: string): Promise<ApiKeyRecord | undefined>;
}

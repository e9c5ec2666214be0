import type { DgiiParty } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { TenantDb } from '@getupnet/persistence';
import { Config } from '@getupnet/platform';
import { Injectable } from '@nestjs/common';
import { dgiiClientEnv } from '../dgii-client.env.js';

/** A withdrawn permission takes effect within this time. */
const FLAG_TTL_MS = 30_000;
const MAX_FLAGS = 20_000;

/**
 * DGII's production is reached only if the platform and the tenant are both enabled for it and the
 * tenant issues there: the environment is the tenant's setting, never the caller's. The others do not
 * bind anybody, and documents of an earlier setting are still asked about there.
 */
@Injectable()
export class ProductionGate {
  private readonly flags = new Map<string, { enabled: boolean; readAtMs: number }>();

  constructor(
    private readonly config: Config,
    private readonly db: TenantDb,
    private readonly clock: Clock,
  ) {}

  /** Throws `env.forbidden`. */
  async check(party: DgiiParty): Promise<void> {
    if (await this.allows(party)) return;
    throw new AppError('env.forbidden', { environment: party.environment });
  }

  async allows({ tenantId, environment }: DgiiParty): Promise<boolean> {
    if (environment !== 'ecf') return true;
    const platform = this.config.get(dgiiClientEnv).DGII_PRODUCTION_ENABLED;
    return platform && (await this.tenantEnabled(tenantId));
  }

  private async tenantEnabled(tenantId: string): Promise<boolean> {
    const nowMs = this.clock.now().getTime();
    const known = this.flags.get(tenantId);
    const ageMs = known ? nowMs - known.readAtMs : FLAG_TTL_MS;
    if (known && ageMs >= 0 && ageMs < FLAG_TTL_MS) return known.enabled;
    const tenant = await this.db.run({ tenantId }, (tx) =>
      tx.tenant.findUnique({
        where: { id: tenantId },
        select: { environment: true, productionEnabled: true },
      }),
    );
    if (this.flags.size >= MAX_FLAGS) this.flags.clear();
    const enabled = tenant?.environment === 'ecf' && tenant.productionEnabled;
    this.flags.set(tenantId, { enabled, readAtMs: nowMs });
    return enabled;
  }
}

import type { Environment } from '@getupnet/contracts';
import { Lane, type LaneLimits, type Turn } from '@getupnet/platform';
import type { Host } from './dgii-operations.js';

/**
 * How many calls are under way: in all per host, and per tenant and environment, so that one
 * tenant's burst never keeps the others from DGII.
 */
export class Pacing {
  private readonly lanes = new Map<Host, Lane>();

  constructor(private readonly limits: LaneLimits) {}

  /** Null when no turn came within `waitMs`. */
  turn(
    host: Host,
    { tenantId, environment }: { readonly tenantId: string; readonly environment: Environment },
    waitMs: number,
  ): Promise<Turn | null> {
    return this.lane(host).take(`${tenantId}/${environment}`, waitMs);
  }

  private lane(host: Host): Lane {
    const known = this.lanes.get(host);
    if (known) return known;
    const lane = new Lane(this.limits);
    this.lanes.set(host, lane);
    return lane;
  }
}

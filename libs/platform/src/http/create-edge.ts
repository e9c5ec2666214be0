import type { Registry } from 'prom-client';
import type { Logger as Pino } from 'pino';
import { platformEnv } from '../boot/platform-env.js';
import type { Config } from '../config/config.js';
import type { CountSync } from '../limits/count-sync.js';
import { createLimits } from '../limits/create-limits.js';
import { limitsEnv } from '../limits/limits-env.js';
import type { RateLimits } from '../limits/rate-limits.js';
import { AddressList } from '../security/client-address.js';
import { SecurityEvents } from '../security/security-events.js';
import { AdminGate } from './admin-gate.js';
import { PublicEdge } from './public-edge.js';

/** What stands between the sockets and the routes, as this process is configured. */
export interface Edge {
  readonly events: SecurityEvents;
  readonly limits: RateLimits;
  readonly sync: CountSync;
  readonly edge: PublicEdge;
  readonly adminGate: AdminGate;
  readonly trustedProxies: AddressList;
}

export function createEdge(config: Config, logger: Pino, registry: Registry): Edge {
  const env = config.get(platformEnv);
  const events = new SecurityEvents({ logger, registry });
  return {
    events,
    ...createLimits(config.get(limitsEnv), { events, logger, registry }),
    edge: new PublicEdge({ origins: env.CORS_ORIGINS, hosts: env.PUBLIC_HOSTS }),
    adminGate: new AdminGate(new AddressList(env.ADMIN_ADDRESSES), events),
    trustedProxies: new AddressList(env.TRUSTED_PROXIES),
  };
}

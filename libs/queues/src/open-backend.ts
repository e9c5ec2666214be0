import type { Pools } from '@getupnet/persistence';
import type { Config } from '@getupnet/platform';
import { type QueueBackend, postgresBackend, redisBackend } from './queue-backend.js';
import { queuesEnv } from './queues-env.js';

/** Where this installation's queues live. */
export function openBackend(config: Config, pools: Pools): QueueBackend {
  const { REDIS_URL, REDIS_PREFIX } = config.get(queuesEnv);
  return REDIS_URL === undefined
    ? postgresBackend(pools.get('queue'))
    : redisBackend(REDIS_URL, REDIS_PREFIX);
}

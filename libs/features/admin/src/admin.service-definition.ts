import { persistenceEnv } from '@getupnet/persistence';
import type { ServiceDefinition } from '@getupnet/platform';
import { QueuesBoardModule, queuesEnv } from '@getupnet/queues';
import { adminEnv } from './admin.env.js';
import { AdminHttpModule } from './admin.modules.js';

/** The operator's side: companies, who administers them, and the pages of operations. */
export function admin(): ServiceDefinition {
  return {
    name: 'admin',
    http: [AdminHttpModule, QueuesBoardModule],
    workers: [],
    env: [persistenceEnv, queuesEnv, adminEnv],
  };
}

import { persistenceEnv } from '@getupnet/persistence';
import type { ServiceDefinition } from '@getupnet/platform';
import { adminEnv } from './admin.env.js';
import { AdminHttpModule } from './admin.modules.js';

/** The operator's side: companies and who administers them. */
export function admin(): ServiceDefinition {
  return {
    name: 'admin',
    http: [AdminHttpModule],
    workers: [],
    env: [persistenceEnv, adminEnv],
  };
}

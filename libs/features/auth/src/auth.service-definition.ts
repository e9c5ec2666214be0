import { persistenceEnv } from '@getupnet/persistence';
import type { ServiceDefinition } from '@getupnet/platform';
import { secretsEnv } from '@getupnet/secrets';
import { authEnv } from './auth-env.js';
import { AuthHttpModule } from './auth.modules.js';

/** People: login, sessions, and the keys that sign their access tokens. */
export function auth(): ServiceDefinition {
  return {
    name: 'auth',
    http: [AuthHttpModule],
    workers: [],
    env: [persistenceEnv, secretsEnv, authEnv],
  };
}

import { persistenceEnv } from '@getupnet/persistence';
import type { ServiceDefinition } from '@getupnet/platform';
import { secretsEnv } from '@getupnet/secrets';
import { authEnv } from './auth-env.js';
import { AuthHttpModule } from './auth.modules.js';
import { ImpersonationModule } from './impersonation/impersonation.module.js';
import { PeopleHttpModule } from './users/people.module.js';

/** People: login, sessions, and the keys that sign their access tokens. */
export function auth(): ServiceDefinition {
  return {
    name: 'auth',
    http: [AuthHttpModule, PeopleHttpModule, ImpersonationModule],
    workers: [],
    env: [persistenceEnv, secretsEnv, authEnv],
  };
}

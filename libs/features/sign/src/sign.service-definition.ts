import { persistenceEnv } from '@getupnet/persistence';
import type { EnvSpec, PortModule, ServiceDefinition } from '@getupnet/platform';
import { serviceAccessEnv } from '@getupnet/rbac';
import { secretsEnv } from '@getupnet/secrets';
import { signEnv } from './sign.env.js';
import { SignHttpModule, SignLocalModule } from './sign.modules.js';

const coreEnv: readonly EnvSpec[] = [persistenceEnv, secretsEnv, signEnv];

/** Keys, certificates and signatures. Private: it listens on the internal listener only. */
export function sign(): ServiceDefinition {
  return {
    name: 'sign',
    http: [SignHttpModule],
    workers: [],
    env: [...coreEnv, serviceAccessEnv],
  };
}

/** The port Sign in this process, and the variables it reads. */
export const signLocal: PortModule = {
  module: SignLocalModule,
  env: coreEnv,
};

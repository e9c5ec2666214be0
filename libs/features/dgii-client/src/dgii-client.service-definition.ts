import { persistenceEnv } from '@getupnet/persistence';
import type { EnvSpec, PortModule, ServiceDefinition } from '@getupnet/platform';
import { serviceAccessEnv } from '@getupnet/rbac';
import { secretsEnv } from '@getupnet/secrets';
import { DgiiClientCoreModule } from './dgii-client.core.module.js';
import { dgiiClientEnv } from './dgii-client.env.js';
import { DgiiClientHttpModule } from './dgii-client.http.module.js';

export interface DgiiClientPorts {
  /** The signer: in this process or over the network. */
  readonly sign: PortModule;
}

const ownEnv: readonly EnvSpec[] = [persistenceEnv, secretsEnv, dgiiClientEnv];

/** The only way out to DGII: tokens, sending, results, queries. */
export function dgiiClient({ sign }: DgiiClientPorts): ServiceDefinition {
  return {
    name: 'dgii-client',
    http: [DgiiClientHttpModule.with(sign.module)],
    workers: [],
    env: [...ownEnv, serviceAccessEnv, ...sign.env],
  };
}

/** The port DgiiGateway in this process, for services mounted beside dgii-client. */
export function dgiiGatewayLocal({ sign }: DgiiClientPorts): PortModule {
  return { module: DgiiClientCoreModule.with(sign.module), env: [...ownEnv, ...sign.env] };
}

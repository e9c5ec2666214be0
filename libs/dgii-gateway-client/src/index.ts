import type { PortModule } from '@getupnet/platform';
import { serviceCallerEnv } from '@getupnet/rbac';
import { dgiiGatewayClientEnv } from './dgii-gateway-client.env.js';
import { DgiiGatewayClientModule } from './dgii-gateway-client.module.js';

export { DgiiGatewayClientModule };

/** The port DgiiGateway over the network, with the variables it reads. */
export const dgiiGatewayClient: PortModule = {
  module: DgiiGatewayClientModule,
  env: [dgiiGatewayClientEnv, serviceCallerEnv],
};

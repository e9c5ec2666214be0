export {
  dgiiClient,
  dgiiGatewayLocal,
  type DgiiClientPorts,
} from './dgii-client.service-definition.js';
export { dgiiClientEnv } from './dgii-client.env.js';

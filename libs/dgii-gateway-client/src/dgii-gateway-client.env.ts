import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

/** Variables of whoever calls the dgii-client service over the network. */
export const dgiiGatewayClientEnv = defineEnv('dgii-gateway-client', {
  DGII_CLIENT_URL: z
    .url({ protocol: /^https?$/ })
    .describe('Internal listener of the dgii-client service'),
});

import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

/** Variables of a process that signs over the network. */
export const signClientEnv = defineEnv('sign-client', {
  SIGN_URL: z
    .url({ protocol: /^https?$/ })
    .describe('Address of the sign service’s internal listener'),
});

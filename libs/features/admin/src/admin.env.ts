import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

/** Variables of the admin service. */
export const adminEnv = defineEnv('admin', {
  DGII_PRODUCTION_ENABLED: z
    .stringbool()
    .default(false)
    .describe('Lets companies be put into production; the same switch as dgii-client’s'),
});

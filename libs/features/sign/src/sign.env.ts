import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

export const signEnv = defineEnv('sign', {
  SIGN_AUTHORITIES: z
    .string()
    .includes('-----BEGIN CERTIFICATE-----', 'has no PEM certificate')
    .optional()
    .describe(
      'Certification authorities that the certificates of tenants must lead to, PEM, one after the ' +
        'other; best given as SIGN_AUTHORITIES_FILE. Without them the chain is not checked.',
    ),
});

import { defineEnv, secretText } from '@getupnet/platform';
import { z } from 'zod';
import { isKeyText } from './key-ring.js';

const keyText = secretText(44).refine(isKeyText, 'must be base64 of 32 bytes');

/** Variables of whoever seals or opens secrets. */
export const secretsEnv = defineEnv('secrets', {
  SECRETS_KEK: keyText
    .optional()
    .describe('Key that wraps all data keys, base64 of 32 bytes; best given as SECRETS_KEK_FILE'),
  SECRETS_KEK_PREVIOUS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(keyText))
    .meta({ secret: true })
    .describe('Former keys, comma separated, until everything is wrapped with the new one'),
  SECRETS_KEK_AWS_ID: z
    .string()
    .optional()
    .describe('Secret of AWS Secrets Manager that holds the key, instead of SECRETS_KEK'),
  SECRETS_STORE: z
    .enum(['database', 'aws'])
    .default('database')
    .describe('Where certificate keys are kept: sealed in the database, or AWS Secrets Manager'),
  SECRETS_AWS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9/_+=.@-]{1,64}$/)
    .default('getupnet')
    .describe('First part of the names of our secrets in AWS'),
  SECRETS_AWS_REGION: z.string().optional().describe('Region, unless the AWS SDK finds it itself'),
  SECRETS_AWS_ENDPOINT: z.url().optional().describe('Private endpoint of AWS Secrets Manager'),
});

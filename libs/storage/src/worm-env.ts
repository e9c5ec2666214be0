import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

/** Variables of whoever writes what must not be changed afterwards. */
export const wormEnv = defineEnv('worm', {
  WORM_STORE: z
    .enum(['directory', 's3'])
    .default('directory')
    .describe('Where write-once copies go: a directory, or an S3 bucket with Object Lock'),
  WORM_DIRECTORY: z
    .string()
    .optional()
    .describe('Directory of the write-once copies; not on the disk of the database'),
  WORM_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe('Bucket with Object Lock switched on'),
  WORM_S3_PREFIX: z
    .string()
    .regex(/^([A-Za-z0-9_-][A-Za-z0-9._-]*\/)*$/, 'must be empty or end in /')
    .default('')
    .describe('First part of the keys in the bucket, such as getupnet/'),
  WORM_S3_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(3_660)
    .describe('Days during which nobody can remove an object (COMPLIANCE); ten years by default'),
  WORM_S3_REGION: z.string().optional().describe('Region, unless the AWS SDK finds it itself'),
  WORM_S3_ENDPOINT: z.url().optional().describe('Private endpoint, or that of a compatible store'),
});

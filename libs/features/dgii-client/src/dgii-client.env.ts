import { DgiiEndpoints } from '@getupnet/dgii-api';
import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';

/** Variables of the dgii-client service. */
export const dgiiClientEnv = defineEnv('dgii-client', {
  DGII_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('One server that plays all hosts of DGII (simulator); empty: the official hosts'),
  DGII_ENDPOINTS: z
    .string()
    .optional()
    .transform((text, context) => {
      const overrides = parseOverrides(text ?? '{}');
      const problem = overrides ? endpointProblem(overrides) : 'is not a JSON object of texts';
      if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      return overrides ?? {};
    })
    .describe('JSON object: base URL of single services by environment/service'),
  DGII_PRODUCTION_ENABLED: z
    .stringbool()
    .default(false)
    .describe('Lets tenants with production enabled reach DGII’s production'),
  DGII_STATUS_API_KEY: z
    .string()
    .optional()
    .meta({ secret: true })
    .describe('Key issued by DGII for its service status'),
});

const overridesSchema = z.record(z.string(), z.string());

function parseOverrides(text: string): Record<string, string> | null {
  try {
    const parsed = overridesSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: reported like any other wrong value.
    return null;
  }
}

function endpointProblem(overrides: Record<string, string>): string | null {
  try {
    new DgiiEndpoints({ overrides });
    return null;
  } catch (error) {
    return error instanceof RangeError ? error.message : 'is not valid';
  }
}

import { DgiiEndpoints } from '@getupnet/dgii-api';
import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';
import { readClosures } from './calls/maintenance.js';

const whole = (fallback: number, most: number) =>
  z.coerce.number().int().min(1).max(most).default(fallback);

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
  DGII_CONNECT_TIMEOUT_MS: whole(5_000, 20_000).describe(
    'Longest wait for a TCP and TLS connection to DGII.',
  ),
  DGII_HEADERS_TIMEOUT_MS: whole(20_000, 20_000).describe(
    'Longest wait for the beginning of an answer of DGII.',
  ),
  DGII_BODY_TIMEOUT_MS: whole(10_000, 20_000).describe(
    'Longest silence in the middle of an answer of DGII.',
  ),
  DGII_CALL_TIMEOUT_MS: whole(20_000, 20_000).describe(
    'Longest call to DGII as a whole; what is not answered by then is asked about.',
  ),
  DGII_BREAKER_FAILURES: whole(5, 100).describe(
    'Failures in a row of an operation after which it is left alone for a while.',
  ),
  DGII_BREAKER_OPEN_MS: whole(60_000, 600_000).describe(
    'How long that is; three trial calls decide what follows.',
  ),
  DGII_CALLS_PER_HOST: whole(64, 1_024).describe(
    'Calls, and connections, to one host of DGII at once.',
  ),
  DGII_CALLS_PER_TENANT: whole(48, 1_024).describe(
    'Of those, the most that one tenant has in one environment.',
  ),
  DGII_MAINTENANCE_WINDOWS: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return readClosures(text);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        context.addIssue({ code: 'custom', message: error.message });
        return [];
      }
    })
    .describe(
      'Known maintenance besides what DGII announces: «environment from/to; …», instants in ISO ' +
        '8601 with their zone. Calls wait until the end.',
    ),
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

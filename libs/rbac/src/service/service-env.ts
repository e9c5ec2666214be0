import { SERVICES, type ServiceName } from '@getupnet/contracts';
import { defineEnv } from '@getupnet/platform';
import { z } from 'zod';
import { MIN_KEY_LENGTH, parseServiceKey } from './service-keys.js';

const keyList = z
  .string()
  .default('')
  .transform((text, context) => {
    const entries = text.split(/[\s,]+/).filter(Boolean);
    return entries.flatMap((entry, index) => {
      const key = parseServiceKey(entry);
      if (key !== undefined) return [key];
      context.addIssue({
        code: 'custom',
        message: `entry ${index + 1} is not caller:callee:version:sha256[:yyyy-MM-dd]`,
      });
      return [];
    });
  });

/** What a process with endpoints of scope SERVICE reads. */
export const serviceAccessEnv = defineEnv('service-access', {
  SERVICE_KEYS_IN: keyList.describe(
    'Keys other services may call this process with, comma separated: ' +
      'caller:callee:version:sha256 of the key in hex[:last day yyyy-MM-dd]',
  ),
});

export type OutVariable = `SERVICE_KEY_OUT_${string}`;

/** Variable with the key for calling a service. */
export function outVariable(callee: ServiceName): OutVariable {
  return `SERVICE_KEY_OUT_${callee.toUpperCase().replaceAll('-', '_')}`;
}

const outKey = (callee: ServiceName) =>
  z
    .string()
    .regex(new RegExp(`^(${SERVICES.join('|')}):\\S{${MIN_KEY_LENGTH},256}$`), {
      error: `must be caller:key, the key of ${MIN_KEY_LENGTH} or more characters`,
    })
    .optional()
    .describe(`Who calls ${callee} from here and with which key, as caller:key`)
    .meta({ secret: true });

/** What a process that calls other services reads. */
export const serviceCallerEnv = defineEnv(
  'service-caller',
  Object.fromEntries(SERVICES.map((callee) => [outVariable(callee), outKey(callee)])),
);

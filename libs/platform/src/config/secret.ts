import { z } from 'zod';

const MIN_DISTINCT_CHARACTERS = 8;
const KNOWN_DEFAULTS = /change.?me|password|secret|default|example|admin|postgres|123456/i;

/**
 * Schema of a secret's text: at least `minLength` characters, varied, and none of the well-known
 * placeholders. Its value never appears in a problem or in `env.example`.
 */
export function secretText(minLength = 32): z.ZodString {
  return z
    .string()
    .min(minLength, `must have at least ${minLength} characters`)
    .refine((text) => !KNOWN_DEFAULTS.test(text), 'is a well-known placeholder')
    .refine((text) => new Set(text).size >= MIN_DISTINCT_CHARACTERS, 'is too simple')
    .meta({ secret: true });
}

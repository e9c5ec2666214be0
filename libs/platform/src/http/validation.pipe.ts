import { AppError, type Violation } from '@getupnet/kernel';
import { StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { z } from 'zod';
import { es } from 'zod/locales';

const spanish = es().localeError;

/** Validates what an endpoint takes; faults are answered as `validation.failed`, in Spanish. */
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const schema = metadata.schema as z.ZodType<T> | undefined;
    if (schema === undefined || metadata.type === 'custom') return value;
    return validate(schema, value, metadata.type);
  }
}

/** The value a schema makes of `value`, or the AppError that says what is wrong with it. */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  part: 'body' | 'query' | 'param' | string = 'body',
): T {
  const result = schema.safeParse(value, { error: spanish });
  if (result.success) return result.data;
  // No resource has such an id, so the path names nothing.
  if (part === 'param') throw new AppError('resource.not_found');
  const prefix = part === 'query' ? '?' : '/';
  const errors = result.error.issues.flatMap((issue) => toViolations(issue, prefix));
  throw new AppError('validation.failed', {}, { errors });
}

/** Codes are ours, so that a new version of the validator does not change the API. */
const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'schema.type',
  invalid_value: 'schema.value',
  invalid_format: 'schema.format',
  too_small: 'schema.too_small',
  too_big: 'schema.too_big',
  unrecognized_keys: 'schema.unknown_field',
};

function toViolations(issue: z.core.$ZodIssue, prefix: string): Violation[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...path, key], prefix),
      code: 'schema.unknown_field',
      message: `Campo desconocido «${key.slice(0, 64)}».`,
      fix: 'Quítelo o corrija su nombre.',
    }));
  }
  const code = CODES[issue.code] ?? 'schema.invalid';
  return [{ pointer: pointer(path, prefix), code, message: issue.message }];
}

/** RFC 6901 for a body; `?name` for a query. */
function pointer(path: readonly string[], prefix: string): string {
  if (prefix === '?') return `?${path.join('.')}`;
  return path.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

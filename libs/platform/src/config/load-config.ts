import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { BootError } from '../boot/boot-error.js';
import { Config } from './config.js';
import type { EnvSpec } from './env-spec.js';

/** Where variables come from: `process.env`, or a plain object in tests and the launcher. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

const MAX_SECRET_FILE_BYTES = 64 * 1024;
/** Shorter values are too common as words to be looked for in a message. */
const MIN_LEAK_LENGTH = 4;

/**
 * Validates every variable of every spec at once. An empty variable is an absent one, and each
 * `X` may come as `X_FILE`, a path whose content is the value. Throws a {@link BootError} that
 * names every problem and no value.
 */
export function loadConfig(specs: readonly EnvSpec[], source: EnvSource = process.env): Config {
  const problems = new Set<string>();
  const values = new Map<EnvSpec, unknown>();
  for (const spec of new Set(specs)) {
    const result: Record<string, unknown> = {};
    let isWhole = true;
    for (const [name, schema] of Object.entries(spec.variables)) {
      const read = readVariable(name, source);
      const parsed = 'problem' in read ? read : parse(name, schema, read.text);
      if ('problem' in parsed) {
        problems.add(parsed.problem);
        isWhole = false;
      } else result[name] = parsed.value;
    }
    const together = isWhole ? spec.problem?.(result) : undefined;
    if (together !== undefined) problems.add(together);
    values.set(spec, Object.freeze(result));
  }
  if (problems.size > 0) throw new BootError([...problems].sort());
  return new Config(values);
}

function present(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function readVariable(
  name: string,
  source: EnvSource,
): { text: string | undefined } | { problem: string } {
  const text = present(source[name]);
  const file = present(source[`${name}_FILE`]);
  if (file === undefined) return { text };
  if (text !== undefined) return { problem: `${name}: set ${name} or ${name}_FILE, not both` };
  try {
    if (statSync(file).size > MAX_SECRET_FILE_BYTES) {
      return { problem: `${name}_FILE: the file is larger than ${MAX_SECRET_FILE_BYTES} bytes` };
    }
    return { text: present(readFileSync(file, 'utf8').replace(/\r?\n$/, '')) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    return { problem: `${name}_FILE: the file cannot be read (${code})` };
  }
}

function parse(
  name: string,
  schema: z.ZodType,
  text: string | undefined,
): { value: unknown } | { problem: string } {
  try {
    const result = schema.safeParse(text);
    if (result.success) return { value: result.data };
    if (text === undefined) return { problem: `${name}: is required (${schema.description})` };
    const reasons = result.error.issues.map((issue) => issue.message).join(', ');
    return { problem: `${name}: ${withoutValue(reasons, text)}` };
  } catch {
    // A transform that throws instead of adding an issue; its message could quote the value.
    return { problem: `${name}: is not valid` };
  }
}

function withoutValue(reasons: string, text: string): string {
  return text.length >= MIN_LEAK_LENGTH && reasons.includes(text) ? 'is not valid' : reasons;
}

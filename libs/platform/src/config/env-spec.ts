import type { z } from 'zod';

/** Variable name → zod schema of its text. Every schema carries a description. */
export type EnvShape = Readonly<Record<string, z.ZodType>>;

/** Typed values of a shape. */
export type EnvValues<S extends EnvShape> = { readonly [K in keyof S]: z.output<S[K]> };

/** The environment variables one feature or lib reads; `T` is what {@link Config.get} answers. */
export interface EnvSpec<T = unknown> {
  readonly name: string;
  readonly variables: EnvShape;
  /** What is wrong with values that are right one by one; names variables, never values. */
  problem?(values: T): string | undefined;
  /** Never set: carries the type. */
  readonly values?: T;
}

const VARIABLE = /^[A-Z][A-Z0-9_]*$/;

/**
 * Declares environment variables. The schema of each takes text (use `z.coerce`, `z.stringbool`…)
 * and has a description, which ends up in `deploy/env.example`. `problem` judges what must fit together.
 */
export function defineEnv<S extends EnvShape>(
  name: string,
  variables: S,
  problem?: (values: EnvValues<S>) => string | undefined,
): EnvSpec<EnvValues<S>> {
  for (const [variable, schema] of Object.entries(variables)) {
    if (!VARIABLE.test(variable) || variable.endsWith('_FILE')) {
      throw new TypeError(`${name}: ${variable} is not a variable name`);
    }
    if (schema.description === undefined) {
      throw new TypeError(`${name}: ${variable} needs .describe()`);
    }
  }
  return { name, variables, ...(problem === undefined ? {} : { problem }) };
}

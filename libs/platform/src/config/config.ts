import type { EnvSpec } from './env-spec.js';

/** Validated configuration; inject it and ask for the values of a spec. */
export class Config {
  readonly #values: ReadonlyMap<EnvSpec, unknown>;

  constructor(values: ReadonlyMap<EnvSpec, unknown>) {
    this.#values = values;
  }

  /** Values of a spec. A spec that no service definition lists is a bug, so it throws. */
  get<T>(spec: EnvSpec<T>): T {
    if (!this.#values.has(spec)) {
      throw new Error(`environment "${spec.name}" is not listed in any service definition`);
    }
    return this.#values.get(spec) as T;
  }
}

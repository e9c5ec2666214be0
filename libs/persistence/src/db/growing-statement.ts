import type { QueryConfig } from 'pg';

/**
 * A prepared statement over tables that grow while it runs. The server plans it once per name, with
 * the sizes of that moment, and a plan made for an empty table stays until the table is analysed: so
 * it gets a new name, and with it a new plan, each time the rows it was given have doubled.
 */
export class GrowingStatement {
  readonly #name: string;
  readonly #text: string;
  #rows = 0;

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text;
  }

  /** @param rows how many rows it is about to look up or write */
  query(values: unknown[], rows: number): QueryConfig {
    this.#rows += Math.max(rows, 1);
    const generation = Math.floor(Math.log2(this.#rows));
    return { name: `${this.#name}-${generation}`, text: this.#text, values };
  }
}

/** One outcome per item, in the items' order. */
export interface Outcomes<T> {
  readonly outcomes: readonly T[];
}

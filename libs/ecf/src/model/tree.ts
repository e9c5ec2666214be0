/** A document as the catalogue-driven code sees it: names to texts, trees or lists of them. */
export interface Tree {
  [name: string]: unknown;
}

/** Whether a value is a plain object (and not a list). */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

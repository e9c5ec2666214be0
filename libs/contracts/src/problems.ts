import { PROBLEMS } from './problems.data.js';

export { PROBLEMS, type ProblemDefinition } from './problems.data.js';

export type ProblemCode = keyof typeof PROBLEMS;

/** Whether a text is a code of the catalogue. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

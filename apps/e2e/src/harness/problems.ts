import { PROBLEMS, type ProblemCode } from '@getupnet/contracts';
import { z } from 'zod';
import type { Answer } from './api.js';

const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().min(1),
  instance: z.string().optional(),
  code: z.string(),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  errors: z
    .array(
      z.strictObject({
        pointer: z.string(),
        code: z.string(),
        message: z.string().min(1),
        fix: z.string().min(1).optional(),
        cause: z.string().min(1).optional(),
        source: z.string().min(1).optional(),
      }),
    )
    .optional(),
});
export type AnsweredProblem = z.infer<typeof problemSchema>;

/** A refusal held to its form: problem+json of the catalogue, with a trace id, in Spanish. */
export function problemOf(answer: Answer): AnsweredProblem {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
  const problem = problemSchema.parse(JSON.parse(answer.text));
  const definition = PROBLEMS[problem.code as ProblemCode];
  expect({ status: problem.status, title: problem.title }).toEqual({
    status: definition.status,
    title: definition.title,
  });
  expect(answer.status).toBe(problem.status);
  expect(problem.detail).not.toMatch(/\{\w+\}|…|undefined/);
  return problem;
}

/** Asserts that the answer is the refusal with this code. */
export function expectProblem(answer: Answer, code: ProblemCode): AnsweredProblem {
  const problem = problemOf(answer);
  expect({ code: problem.code, errors: problem.errors }).toEqual({ code, errors: problem.errors });
  return problem;
}

import { PROBLEMS, isProblemCode, type ProblemCode } from '@getupnet/contracts';
import { AppError } from '@getupnet/kernel';
import { z } from 'zod';

const problemSchema = z.object({ code: z.string(), detail: z.string().default('') });

/** The problem an answer states (RFC 9457), as the error it was; null when it states none of ours. */
export function statedProblem(body: unknown): AppError | null {
  const problem = problemSchema.safeParse(body);
  if (!problem.success || !isProblemCode(problem.data.code)) return null;
  const { code, detail } = problem.data;
  return new AppError(code, paramsOf(code, detail));
}

/** The parameters that filled the code's text: a problem carries the text only. */
function paramsOf(code: ProblemCode, detail: string): Record<string, string> {
  const [head = '', ...rest] = PROBLEMS[code].detail.split(/\{(\w+)\}/);
  const names = rest.filter((_, at) => at % 2 === 0);
  const texts = rest.filter((_, at) => at % 2 === 1);
  const pattern = texts.reduce((built, text) => `${built}(.*?)${escaped(text)}`, escaped(head));
  const values = new RegExp(`^${pattern}$`, 's').exec(detail)?.slice(1) ?? [];
  return Object.fromEntries(values.map((value, at) => [names[at] ?? '', value]));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

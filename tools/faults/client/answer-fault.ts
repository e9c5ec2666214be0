const PROBLEM = 'application/problem+json';
/** Within this every request is answered (NET-7, INV-10). */
const LIMIT_MS = 30_000;
const STACK = /\bat .+\((?:file:|node:|\/)/;

/** The stable code of a problem; empty when there is none. */
export function codeOf(text: string): string {
  const body = objectOf(text);
  return typeof body?.['code'] === 'string' ? body['code'] : '';
}

/**
 * What is wrong with the form of an answer: refusals are problems with a code and a trace id, come in
 * time, tell no stack, and a dependency that is away says when to come back. Null: all is well.
 */
export function answerFault(
  status: number,
  headers: Headers,
  text: string,
  ms: number,
): string | null {
  if (ms > LIMIT_MS) return `after ${ms} ms`;
  if (status < 400) return null;
  if (!(headers.get('content-type') ?? '').startsWith(PROBLEM))
    return `${status} is no problem+json`;
  const body = objectOf(text);
  if (body === null) return `${status} is no JSON`;
  if (typeof body['code'] !== 'string' || body['code'] === '') return `${status} without code`;
  if (typeof body['traceId'] !== 'string' || body['traceId'] === '')
    return `${status} without traceId`;
  if (STACK.test(text)) return `${status} tells a stack`;
  if (status === 503 && headers.get('retry-after') === null) return '503 without Retry-After';
  return null;
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    // Whatever it is, it is no JSON.
    return null;
  }
}

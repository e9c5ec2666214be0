/** One fault inside a request body: where it is, which rule it breaks, how to mend it. */
export interface Violation {
  /** RFC 6901 JSON pointer into the request body; `''` is the whole body. */
  readonly pointer: string;
  /** Stable rule code, for example `ECF-TOT-01`. */
  readonly code: string;
  /** Spanish, for the person who reads the answer. */
  readonly message: string;
  /** Spanish: what to do about it. */
  readonly fix?: string;
  /** Spanish: why it usually happens, or the rule that is broken. */
  readonly cause?: string;
  /** Official document and section the rule comes from. */
  readonly source?: string;
}

export interface AppErrorOptions {
  readonly cause?: unknown;
  readonly errors?: readonly Violation[];
  readonly retryAfterS?: number;
}

/**
 * A failure the caller can understand. `code` is an `area.reason` of the problem catalogue in
 * `contracts`, which gives it status, title and detail; `params` fill the detail's placeholders.
 */
export class AppError extends Error {
  readonly errors: readonly Violation[];
  readonly retryAfterS: number | undefined;

  constructor(
    readonly code: string,
    readonly params: Readonly<Record<string, string | number>> = {},
    options: AppErrorOptions = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.errors = options.errors ?? [];
    this.retryAfterS = options.retryAfterS;
  }
}

/** Whether a caught value is an AppError (with the given code). */
export function isAppError(value: unknown, code?: string): value is AppError {
  return value instanceof AppError && (code === undefined || value.code === code);
}

/** Whether a service this one needs is away: everybody's trouble, which passes by itself. */
export function isDependencyAway(value: unknown): value is AppError {
  return isAppError(value) && value.code.startsWith('dependency.');
}

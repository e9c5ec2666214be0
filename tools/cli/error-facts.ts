/** What is known of any error: its code (empty without one) and its message. */
export interface ErrorFacts {
  readonly code: string;
  readonly message: string;
}

/** Read by shape: an error of Node's own may come from another realm, and is no `Error` here. */
export function errorFacts(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) return { code: '', message: String(error) };
  const code = 'code' in error ? String(error.code) : '';
  return { code, message: 'message' in error ? String(error.message) : '' };
}

/** The embedded server cannot run here; `message` tells the person at the keyboard what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

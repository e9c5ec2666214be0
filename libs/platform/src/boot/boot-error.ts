/** Exit status for "the configuration is wrong" (EX_CONFIG of sysexits.h). */
export const EXIT_CONFIG = 78;

/**
 * The process must not start: its configuration, routes or database are not what the code needs.
 * Each problem is one English sentence without values; {@link runServices} prints them all and
 * exits with {@link EXIT_CONFIG}.
 */
export class BootError extends Error {
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options: { cause?: unknown } = {}) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('; '), options);
    this.name = 'BootError';
    this.problems = list;
  }
}

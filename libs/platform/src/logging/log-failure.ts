import { isDependencyAway } from '@getupnet/kernel';
import type { Logger } from '@nestjs/common';

/**
 * A line about what failed and is tried again: a warning while a service this one needs is away, which
 * passes by itself; an error otherwise, for somebody has to look.
 */
export function logFailure(logger: Logger, error: unknown, line: object): void {
  const whole = { ...line, err: error };
  if (isDependencyAway(error)) logger.warn(whole);
  else logger.error(whole);
}

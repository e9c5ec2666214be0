/** The only source of "now" in the product, so that tests can move it. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}

/** Dominican time is GMT-4 all year (Formato e-CF V1.0, p. 59). */
const DOMINICAN_OFFSET_MS = -4 * 60 * 60 * 1000;

const two = (value: number): string => String(value).padStart(2, '0');

/** `dd-MM-yyyy`, Dominican calendar. */
export function dominicanDate(instant: Date): string {
  const local = new Date(instant.getTime() + DOMINICAN_OFFSET_MS);
  return `${two(local.getUTCDate())}-${two(local.getUTCMonth() + 1)}-${local.getUTCFullYear()}`;
}

/** `dd-MM-yyyy HH:mm:ss`, Dominican time, 24-hour clock. */
export function dominicanDateTime(instant: Date): string {
  const local = new Date(instant.getTime() + DOMINICAN_OFFSET_MS);
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two);
  return `${dominicanDate(instant)} ${time.join(':')}`;
}

/** `yyyy-MM-dd` of a `dd-MM-yyyy` text; throws RangeError when it is not one. */
export function isoDateOf(dominican: string): string {
  const match = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(dominican);
  if (!match) throw new RangeError(`not a dd-MM-yyyy date: ${dominican}`);
  return `${match[3]}-${two(Number(match[2]))}-${two(Number(match[1]))}`;
}

/** `dd-MM-yyyy` of a `yyyy-MM-dd` text. */
export function dominicanDateOf(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
  if (!match) throw new RangeError(`not a yyyy-MM-dd date: ${iso}`);
  return `${match[3]}-${match[2]}-${match[1]}`;
}

/** A day of the Dominican calendar. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Dominican time is GMT-4 all year (Formato e-CF V1.0, p. 59). */
const OFFSET_MINUTES = 4 * 60;
const MINUTE_MS = 60_000;
const NOON = 12;
/** .NET writes the year 1 where it has no date; nothing of e-CF is older than this. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2199;
/** No date DGII writes is longer; anything longer is not read as one. */
const MAX_CHARS = 64;

const DATE = String.raw`(\d{1,4})([-/])(\d{1,2})\2(\d{1,4})`;
const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?`;
const MERIDIEM = String.raw`(?:\s*([ap])(\.?)\s*m\.?)?`;
const ZONE = String.raw`(?:\s*(Z|[+-]\d{2}:?\d{2}))?`;
const DATE_TIME = new RegExp(`^${DATE}(?:(?:T|,?\\s+)${TIME}${MERIDIEM}${ZONE})?$`, 'i');
const CLOCK_TIME = new RegExp(`^${TIME}${MERIDIEM}$`, 'i');

/**
 * Instant of a date as DGII writes it, or null. Seen: US text (`8/15/2023 6:06:57 AM`), Dominican
 * text (`15-08-2023 06:06:57`, `15/8/2023 6:06:57 a. m.`) and ISO 8601. Without a zone it is
 * Dominican time. Strokes mean month first, hyphens or Spanish a. m./p. m. day first; where that
 * makes no date, the other order is taken.
 */
export function dgiiInstant(text: string): Date | null {
  const match = matched(DATE_TIME, text);
  if (!match) return null;
  const [, first, stroke, second, third, ...time] = match;
  const spanish = time[5] === '.';
  const day = dayFrom([first, second, third], stroke === '/' && !spanish);
  const clock = time[0] === undefined ? { minutes: 0, ms: 0 } : clockFrom(time);
  if (!day || !clock) return null;
  const offset = time[6] === undefined ? -OFFSET_MINUTES : zoneMinutes(time[6]);
  return new Date(utcOf(day) + (clock.minutes - offset) * MINUTE_MS + clock.ms);
}

/** Day of a date without regard to its time; hyphens mean day first (`06-08-2020` is 6 August). */
export function dgiiDay(text: string): Day | null {
  const match = matched(DATE_TIME, text);
  return match && dayFrom([match[1], match[3], match[4]], match[2] === '/' && match[10] !== '.');
}

/** Minutes since midnight of `9:00 AM`, `12:00 p. m.` or `21:30`; null when it is no time of day. */
export function minutesOfDay(text: string): number | null {
  const match = matched(CLOCK_TIME, text);
  return match && (clockFrom(match.slice(1))?.minutes ?? null);
}

/** The instant `minutes` after midnight of a Dominican day. */
export function instantOf(day: Day, minutes: number): Date {
  return new Date(utcOf(day) + (minutes + OFFSET_MINUTES) * MINUTE_MS);
}

function matched(pattern: RegExp, text: string): RegExpExecArray | null {
  return text.length > MAX_CHARS ? null : pattern.exec(text.trim());
}

function dayFrom(
  parts: readonly [string | undefined, string | undefined, string | undefined],
  monthFirst: boolean,
): Day | null {
  const [a, b, c] = parts.map(Number);
  if (a === undefined || b === undefined || c === undefined) return null;
  if (parts[0]?.length === 4) return validDay(a, b, c);
  const american = validDay(c, a, b);
  const dominican = validDay(c, b, a);
  return monthFirst ? (american ?? dominican) : (dominican ?? american);
}

function validDay(year: number, month: number, day: number): Day | null {
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
    ? { year, month, day }
    : null;
}

/** `[hour, minute, second, fraction, a|p, dot]` as matched. */
function clockFrom(parts: readonly (string | undefined)[]): { minutes: number; ms: number } | null {
  const [hourText, minuteText, secondText = '0', fraction = '', half] = parts;
  const [hour, minute, second] = [hourText, minuteText, secondText].map(Number);
  if (hour === undefined || minute === undefined || second === undefined) return null;
  const midnight = half === undefined && hour === 24 && minute === 0;
  const hours = half === undefined ? hour : twelveHour(hour, half);
  if (hours === null || minute > 59 || second > 59 || (hours > 23 && !midnight)) return null;
  const ms = second * 1_000 + Math.floor(Number(`0.${fraction || '0'}`) * 1_000);
  return { minutes: hours * 60 + minute, ms };
}

/** Hour of the day of a 12-hour clock; `15:00 PM` is taken for 15:00. */
function twelveHour(hour: number, half: string): number | null {
  const afternoon = half.toLowerCase() === 'p';
  if (hour > NOON) return afternoon ? hour : null;
  return (hour % NOON) + (afternoon ? NOON : 0);
}

/** Minutes east of Greenwich. */
function zoneMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.replace(/\D/g, '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function utcOf({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day);
}

const DATE = /^(\d{1,2})-(\d{1,2})-(\d{4})$/;
const DAY_MS = 86_400_000;
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of a `dd-MM-yyyy` text; undefined when there is no such day. */
export function dayNumber(text: string | undefined): number | undefined {
  const match = text === undefined ? null : DATE.exec(text);
  if (!match) return undefined;
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (day < 1 || day > (MONTH_DAYS[month - 1] ?? 0)) return undefined;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2 && day === 29 && !leap) return undefined;
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

const DATE = /^(\d{1,2})-(\d{1,2})-(\d{4})$/;
const DAY_MS = 86_400_000;

/** Days since 1970 of a `dd-MM-yyyy` text; undefined when there is no such day. */
export function dayNumber(text: string | undefined): number | undefined {
  const match = text === undefined ? null : DATE.exec(text);
  if (!match) return undefined;
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return undefined;
  return date.getTime() / DAY_MS;
}

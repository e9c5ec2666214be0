const DOMINICAN_OFFSET_MS = -4 * 60 * 60 * 1000;

/** `yyyy-MM-ddTHH:mm:ssZ`, as the tokens' dates are written. */
export function utcSeconds(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** `8/15/2023 6:06:57 AM` in Dominican time: DGII's result service writes US dates. */
export function usDateTime(instant: Date): string {
  const local = new Date(instant.getTime() + DOMINICAN_OFFSET_MS);
  const hour = local.getUTCHours();
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${local.getUTCMonth() + 1}/${local.getUTCDate()}/${local.getUTCFullYear()}`;
  const time = `${hour % 12 === 0 ? 12 : hour % 12}:${two(local.getUTCMinutes())}`;
  return `${date} ${time}:${two(local.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** `2022-07-27T11:59:31.3551245-04:00`: .NET prints seven decimals. */
export function semillaDate(instant: Date): string {
  const local = new Date(instant.getTime() + DOMINICAN_OFFSET_MS);
  return `${local.toISOString().slice(0, 23)}0000-04:00`;
}

import type { ForecastStatus } from '@getupnet/contracts';

/** What a forecast needs of a range. */
export interface ForecastRange {
  readonly id: string;
  readonly tipo: number;
  readonly branch: string | null;
  readonly first: bigint;
  readonly last: bigint;
  readonly next: bigint;
  /** `yyyy-MM-dd` */
  readonly expiresOn: string | null;
}

/** Where a range stood at the beginning of a day. */
export interface Standing {
  /** `yyyy-MM-dd` */
  readonly day: string;
  readonly next: bigint;
}

/** A range, the day it was registered and where it stood since, oldest first. */
export interface RangeHistory extends ForecastRange {
  readonly createdOn: string;
  readonly standings: readonly Standing[];
}

export interface Outlook {
  readonly tipo: number;
  readonly branch: string | null;
  readonly status: ForecastStatus;
  /** Numbers of the ranges that still give some. */
  readonly authorised: bigint;
  readonly remaining: bigint;
  readonly perDay7: number;
  readonly perDay30: number;
  readonly daysLeft: number | null;
  readonly exhaustsOn: string | null;
  readonly expiresOn: string | null;
  readonly lapsing: bigint;
}

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** The longest a rate looks back. */
export const MONTH_DAYS = 30;
/** Share of the numbers, in per cent, at which they are low. */
const LOW_PERCENT = 10n;
/** Farther than this nobody plans: no end is told. */
const FARTHEST_DAYS = 3_650;

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** `yyyy-MM-dd` so many days later. */
export function dayAfter(day: string, days: number): string {
  return dayText(dayNumber(day) + days);
}

const left = ({ next, last }: ForecastRange): bigint => (next > last ? 0n : last - next + 1n);

/** Whether it gives numbers today: the day of its expiry is its last one. */
export function givesNumbers(range: ForecastRange, today: string): boolean {
  return range.next <= range.last && (range.expiresOn === null || range.expiresOn >= today);
}

/** Ranges by type and branch, everybody's before the branches'. */
export function byKind<T extends ForecastRange>(ranges: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const range of ranges) {
    const key = JSON.stringify([range.tipo, range.branch]);
    const group = groups.get(key);
    if (group) group.push(range);
    else groups.set(key, [range]);
  }
  return [...groups.values()].sort(([a], [b]) => {
    const byTipo = (a?.tipo ?? 0) - (b?.tipo ?? 0);
    return byTipo === 0 ? compare(a?.branch ?? '', b?.branch ?? '') : byTipo;
  });
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is left in a group of ranges, of what they were authorised for. */
export function stockOf<T extends ForecastRange>(ranges: readonly T[], today: string) {
  const usable = ranges.filter((range) => givesNumbers(range, today));
  const authorised = usable.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
  const remaining = usable.reduce((sum, range) => sum + left(range), 0n);
  return { usable, authorised, remaining, low: remaining * 100n <= authorised * LOW_PERCENT };
}

/** How the numbers of one type and branch will go. */
export function outlookOf(
  ranges: readonly RangeHistory[],
  today: string,
  expiryDays: number,
): Outlook {
  const { usable, authorised, remaining, low } = stockOf(ranges, today);
  const [perDay7, perDay30] = [
    ratePerDay(ranges, today, WEEK_DAYS),
    ratePerDay(ranges, today, MONTH_DAYS),
  ];
  const expiries = usable
    .flatMap(({ expiresOn }) => (expiresOn === null ? [] : [expiresOn]))
    .sort();
  const expiresOn = expiries[0] ?? null;
  const { days, lapsing } = run(usable, today, Math.max(perDay7, perDay30));
  const expiring = expiresOn !== null && dayNumber(expiresOn) - dayNumber(today) <= expiryDays;
  const status = remaining === 0n ? 'USED_UP' : low ? 'LOW' : expiring ? 'EXPIRING' : 'OK';
  return {
    tipo: ranges[0]?.tipo ?? 0,
    branch: ranges[0]?.branch ?? null,
    status,
    authorised,
    remaining,
    perDay7: rounded(perDay7),
    perDay30: rounded(perDay30),
    daysLeft: days === null ? null : rounded(days),
    exhaustsOn: days === null ? null : dayAfter(today, Math.floor(days)),
    expiresOn,
    lapsing,
  };
}

/**
 * Numbers used a day over the last `window` days, or since the oldest range was registered. What is not
 * known of the window's beginning is taken from the nearest day that is known.
 */
export function ratePerDay(ranges: readonly RangeHistory[], today: string, window: number): number {
  const from = dayAfter(today, -window);
  const bases = ranges.map((range) => ({ range, ...baseOf(range, from) }));
  const used = bases.reduce((sum, { range, next }) => sum + range.next - next, 0n);
  if (used <= 0n) return 0;
  const since = Math.min(...bases.map(({ day }) => dayNumber(day)));
  return Number(used) / Math.max(1, dayNumber(today) - since);
}

function baseOf({ first, next, createdOn, standings }: RangeHistory, from: string): Standing {
  const before = standings.findLast(({ day }) => day <= from);
  if (before) return { day: from, next: before.next };
  if (createdOn < from && next === first) return { day: from, next };
  const created = { day: createdOn, next: first };
  return createdOn >= from ? created : (standings[0] ?? created);
}

/** Uses the ranges up one after the other at the rate; days until none is left, and what lapses. */
function run(usable: readonly ForecastRange[], today: string, rate: number) {
  let [days, lapsing, ends] = [0, 0n, true];
  for (const range of [...usable].sort((a, b) => (a.first < b.first ? -1 : 1))) {
    const stock = left(range);
    const until =
      range.expiresOn === null ? Infinity : dayNumber(range.expiresOn) - dayNumber(today) + 1;
    const needed = rate === 0 ? Infinity : Number(stock) / rate;
    const available = Math.max(0, until - days);
    if (needed !== Infinity && needed <= available) {
      days += needed;
    } else if (available === Infinity) {
      ends = false;
    } else {
      const used = BigInt(Math.floor(available * rate));
      lapsing += stock - used;
      days += available;
    }
  }
  return { days: ends && days <= FARTHEST_DAYS ? days : null, lapsing };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

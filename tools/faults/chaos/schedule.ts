import type { Seeded } from '../seeded.js';
import type { Weather } from '../weather/tcp-proxy.js';

/** Doors that have weather. */
export type WeatherDoor = 'postgres' | 'redis' | 'dgii';

/** One thing that goes wrong. `victim` picks among what is alive at that moment, 0 ≤ x < 1. */
export type Mishap =
  | { readonly kind: 'kill'; readonly victim: number }
  | { readonly kind: 'freeze'; readonly victim: number; readonly ms: number }
  | {
      readonly kind: 'weather';
      readonly door: WeatherDoor;
      readonly weather: Weather;
      readonly ms: number;
    }
  | { readonly kind: 'reset'; readonly door: WeatherDoor }
  | { readonly kind: 'queue-flush' }
  | { readonly kind: 'queue-crash' }
  | { readonly kind: 'database-crash' };

/** When after the last one, and how long after the documents of its turn were let go. */
export interface Turn {
  readonly mishap: Mishap;
  readonly pauseMs: number;
  readonly burstMs: number;
}

export interface ScheduleSize {
  readonly kills: number;
  readonly flushes: number;
  readonly databaseCrashes: number;
  /** Longest pause between two mishaps; the shortest is two fifths of it. */
  readonly pauseMs: number;
  /** Longest life of a frozen process; longer than a lease. */
  readonly freezeMs: number;
}

/** Per kill, how many of each of the other things. */
const SHARES = { freeze: 0.06, weather: 0.3, reset: 0.08, queueCrash: 0.02 };

/** Everything that goes wrong in a run, in its order. */
export function scheduleOf(size: ScheduleSize, draw: Seeded): Turn[] {
  const times = (count: number, make: (at: number) => Mishap): Mishap[] =>
    Array.from({ length: Math.max(1, Math.round(count)) }, (_, at) => make(at));
  const others: Mishap[] = [
    ...times(size.kills * SHARES.freeze, () => ({
      kind: 'freeze',
      victim: draw.next(),
      ms: Math.round(draw.between(0.6, 1) * size.freezeMs),
    })),
    ...times(size.kills * SHARES.weather, (at) => weatherOf(at, draw)),
    ...times(size.kills * SHARES.reset, () => ({ kind: 'reset', door: draw.pick(DOORS) })),
    ...times(size.flushes, () => ({ kind: 'queue-flush' })),
    ...times(size.kills * SHARES.queueCrash, () => ({ kind: 'queue-crash' })),
    ...times(size.databaseCrashes, () => ({ kind: 'database-crash' })),
  ];
  const kills = times(size.kills, () => ({ kind: 'kill', victim: draw.next() }));
  return draw.shuffled([...kills, ...others]).map((mishap) => ({
    mishap,
    pauseMs: Math.round(draw.between(0.4, 1) * size.pauseMs),
    burstMs: Math.round(draw.between(0.02, 0.4) * size.pauseMs),
  }));
}

const DOORS: readonly WeatherDoor[] = ['postgres', 'redis', 'dgii'];

/** Every door sees every weather, in turn. */
function weatherOf(at: number, draw: Seeded): Mishap {
  const weathers: readonly Weather[] = [
    { kind: 'swallow', what: 'answers' },
    { kind: 'latency', ms: 20 + draw.below(180) },
    { kind: 'slice', bytes: 1 + draw.below(64) },
    { kind: 'swallow', what: 'questions' },
    { kind: 'down' },
  ];
  const door = DOORS[at % DOORS.length] ?? 'dgii';
  const weather = weathers[Math.floor(at / DOORS.length) % weathers.length] ?? { kind: 'down' };
  return { kind: 'weather', door, weather, ms: Math.round(draw.between(400, 2_500)) };
}

import type { SecurityEventType } from '@getupnet/platform';
import type { WatchedRange } from '@getupnet/persistence';
import { byKind, dayAfter, stockOf } from './forecast.js';

/** Something worth saying about a range, once. */
export interface SequenceAlert {
  readonly kind: 'low' | 'used_up' | 'expiring';
  readonly range: WatchedRange;
  /** All it is said for, `range` among them; of none of them it was said before. */
  readonly ranges: readonly WatchedRange[];
  /** Of its type and branch. */
  readonly remaining: bigint;
}

export const ALERT_EVENTS: Readonly<Record<SequenceAlert['kind'], SecurityEventType>> = {
  low: 'sequence.low',
  used_up: 'sequence.used_up',
  expiring: 'sequence.expiring',
};

/**
 * What is to be said of one tenant's ranges and was not yet. That numbers are low or gone is said for all
 * ranges that had them, and again as soon as there is one more, wherever its numbers lie: a new range is
 * a new occasion.
 */
export function alertsOf(
  ranges: readonly WatchedRange[],
  today: string,
  expiryDays: number,
): readonly SequenceAlert[] {
  const horizon = dayAfter(today, expiryDays);
  const kinds = byKind(ranges);
  const common = new Map(
    kinds.flatMap((group) => {
      const [first] = group;
      return first?.branch === null ? [[first.tipo, stockOf(group, today).remaining] as const] : [];
    }),
  );
  // A branch without numbers of its own goes on with everybody's.
  const isHelped = ({ branch, tipo }: WatchedRange): boolean =>
    branch !== null && (common.get(tipo) ?? 0n) > 0n;
  return kinds.flatMap((group): SequenceAlert[] => {
    const { usable, remaining, low } = stockOf(group, today);
    const say = (kind: SequenceAlert['kind'], of: readonly WatchedRange[]): SequenceAlert[] => {
      const untold = of.filter(({ told }) => !told.includes(kind));
      const range = lastOf(untold);
      return range === undefined ? [] : [{ kind, range, ranges: untold, remaining }];
    };
    const stock =
      remaining === 0n
        ? say('used_up', group.some(isHelped) ? [] : group)
        : say('low', low ? usable : []);
    const expiring = usable
      .filter(({ expiresOn }) => expiresOn !== null && expiresOn <= horizon)
      .flatMap((range) => say('expiring', [range]));
    return [...stock, ...expiring];
  });
}

function lastOf(ranges: readonly WatchedRange[]): WatchedRange | undefined {
  return ranges.reduce<WatchedRange | undefined>(
    (last, range) => (last === undefined || range.first > last.first ? range : last),
    undefined,
  );
}

import type { SecurityEventType } from '@getupnet/platform';
import type { WatchedRange } from '@getupnet/persistence';
import { byKind, dayAfter, stockOf } from './forecast.js';

/** Something worth saying about a range, once. */
export interface SequenceAlert {
  readonly kind: 'low' | 'used_up' | 'expiring';
  readonly range: WatchedRange;
  /** Of its type and branch. */
  readonly remaining: bigint;
}

export const ALERT_EVENTS: Readonly<Record<SequenceAlert['kind'], SecurityEventType>> = {
  low: 'sequence.low',
  used_up: 'sequence.used_up',
  expiring: 'sequence.expiring',
};

/**
 * What is to be said of one tenant's ranges and was not yet. Each alert belongs to a range: the last one
 * of its kind when numbers are low or gone, so that a new range is a new occasion.
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
  return kinds.flatMap((group): SequenceAlert[] => {
    const { usable, remaining, low } = stockOf(group, today);
    const expiring = usable
      .filter(({ expiresOn }) => expiresOn !== null && expiresOn <= horizon)
      .map((range): SequenceAlert => ({ kind: 'expiring', range, remaining }));
    const last = lastOf(usable.length === 0 ? group : usable);
    if (last === undefined) return [];
    // A branch without numbers of its own goes on with everybody's.
    const helped = last.branch !== null && (common.get(last.tipo) ?? 0n) > 0n;
    const stock: SequenceAlert[] =
      remaining === 0n
        ? helped
          ? []
          : [{ kind: 'used_up', range: last, remaining }]
        : low
          ? [{ kind: 'low', range: last, remaining }]
          : [];
    return [...stock, ...expiring].filter(({ kind, range }) => !range.told.includes(kind));
  });
}

function lastOf(ranges: readonly WatchedRange[]): WatchedRange | undefined {
  return ranges.reduce<WatchedRange | undefined>(
    (last, range) => (last === undefined || range.first > last.first ? range : last),
    undefined,
  );
}

import type { Clock } from '@getupnet/kernel';

/**
 * What DGII answered a moment ago, asked for once by many at a time. A load that fails is nobody's
 * but the callers' who waited for it.
 */
export class ShortCache<V> {
  private readonly kept = new Map<string, { readonly value: V; readonly atMs: number }>();
  private readonly flights = new Map<string, Promise<V>>();

  constructor(
    private readonly clock: Clock,
    private readonly ttlMs: number,
  ) {}

  /** `asker` keeps apart loads that may fail for reasons of one's own; what they yield is shared. */
  get(key: string, load: () => Promise<V>, asker = ''): Promise<V> {
    const known = this.kept.get(key);
    const ageMs = known ? this.nowMs() - known.atMs : this.ttlMs;
    if (known && ageMs >= 0 && ageMs < this.ttlMs) return Promise.resolve(known.value);
    const flightKey = `${key}/${asker}`;
    const flying = this.flights.get(flightKey);
    if (flying) return flying;
    const flight = this.load(key, load).finally(() => this.flights.delete(flightKey));
    this.flights.set(flightKey, flight);
    return flight;
  }

  private async load(key: string, load: () => Promise<V>): Promise<V> {
    const value = await load();
    this.kept.set(key, { value, atMs: this.nowMs() });
    return value;
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

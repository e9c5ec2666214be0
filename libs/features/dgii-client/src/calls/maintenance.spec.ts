import { Clock } from '@getupnet/kernel';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { DgiiMetrics } from './dgii-metrics.js';
import { Maintenance, readClosures } from './maintenance.js';

const HOUR_MS = 3_600_000;
const NINE = Date.parse('2026-08-06T09:00:00-04:00');

class TestClock extends Clock {
  ms = NINE - HOUR_MS;
  override now(): Date {
    return new Date(this.ms);
  }
}

describe('Maintenance', () => {
  let clock: TestClock;
  let registry: Registry;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(() => {
    clock = new TestClock();
    registry = new Registry();
  });

  const maintenance = (text: string): Maintenance =>
    new Maintenance(clock, new DgiiMetrics(registry), readClosures(text));
  const WINDOW = 'ecf 2026-08-06T09:00-04:00/2026-08-06T12:00-04:00';

  it('closes one environment from the first to the last millisecond', () => {
    const one = maintenance(WINDOW);
    clock.ms = NINE - 1;
    expect(one.remainingMs('ecf')).toBe(0);
    clock.ms = NINE;
    expect(one.remainingMs('ecf')).toBe(3 * HOUR_MS);
    expect(one.remainingMs('testecf')).toBe(0);
    clock.ms = NINE + 3 * HOUR_MS - 1;
    expect(one.remainingMs('ecf')).toBe(1);
    clock.ms += 1;
    expect(one.remainingMs('ecf')).toBe(0);
  });

  it('takes windows that overlap or follow one another for one', () => {
    const one = maintenance(
      'ecf 2026-08-06T11:00-04:00/2026-08-06T13:00-04:00; ' +
        `${WINDOW}; ecf 2026-08-06T17:00Z/2026-08-06T18:00Z`,
    );
    clock.ms = NINE;
    expect(one.remainingMs('ecf')).toBe(5 * HOUR_MS);
  });

  it('believes what DGII announced last, beside what is configured', () => {
    const one = maintenance(WINDOW);
    const closed = (hour: number, hours: number) => ({
      environment: 'testecf' as const,
      from: new Date(NINE + hour * HOUR_MS),
      to: new Date(NINE + (hour + hours) * HOUR_MS),
    });
    one.announce([closed(0, 1)]);
    clock.ms = NINE;
    expect(one.remainingMs('testecf')).toBe(HOUR_MS);
    one.announce([]);
    expect(one.remainingMs('testecf')).toBe(0);
    expect(one.remainingMs('ecf')).toBe(3 * HOUR_MS);
  });

  const announced = (hours: number) => ({
    environment: 'ecf' as const,
    from: new Date(NINE),
    to: new Date(NINE + hours * HOUR_MS),
  });

  it('bounds what DGII announces, also day upon day', () => {
    const one = maintenance('');
    one.announce(
      Array.from({ length: 30 }, (_, day) => ({
        ...announced(24),
        from: new Date(NINE + day * 24 * HOUR_MS),
        to: new Date(NINE + (day + 1) * 24 * HOUR_MS),
      })),
    );
    clock.ms = NINE + HOUR_MS;
    expect(one.remainingMs('ecf')).toBe(71 * HOUR_MS);
    clock.ms = NINE + 72 * HOUR_MS;
    expect(one.remainingMs('ecf')).toBe(0);
    one.announce([announced(10_000)]);
    expect(one.remainingMs('ecf')).toBe(0);
  });

  it('believes what is configured, however long', () => {
    const one = maintenance(
      'ecf 2026-08-06T13:00Z/2026-08-09T13:00Z; ecf 2026-08-09T13:00Z/2026-08-12T13:00Z',
    );
    clock.ms = NINE;
    expect(one.remainingMs('ecf')).toBe(144 * HOUR_MS);
  });

  it('keeps the next of endless announcements', () => {
    const one = maintenance('');
    const apart = (at: number) => ({
      environment: 'ecf' as const,
      from: new Date(NINE + at * HOUR_MS),
      to: new Date(NINE + at * HOUR_MS + 1_000),
    });
    one.announce(Array.from({ length: 50_000 }, (_, at) => apart(25_000 - at)));
    clock.ms = NINE;
    expect(one.remainingMs('ecf')).toBe(1_000);
  });

  it('probes what is announced every five minutes, and believes an answer for as long', () => {
    const one = maintenance('');
    one.announce([announced(24)]);
    clock.ms = NINE;
    expect([one.mayProbe('ecf'), one.mayProbe('ecf')]).toEqual([false, false]);
    clock.ms += 299_999;
    expect(one.mayProbe('ecf')).toBe(false);
    clock.ms += 1;
    expect([one.mayProbe('ecf'), one.mayProbe('ecf')]).toEqual([true, false]);
    expect(one.remainingMs('ecf')).toBeGreaterThan(0);
    one.answered('ecf');
    expect(one.remainingMs('ecf')).toBe(0);
    clock.ms += 300_000;
    expect(one.remainingMs('ecf')).toBeGreaterThan(0);
  });

  it('does not put what is configured to the test', () => {
    const one = maintenance(WINDOW);
    clock.ms = NINE;
    expect(one.mayProbe('ecf')).toBe(false);
    one.answered('ecf');
    expect(one.remainingMs('ecf')).toBe(3 * HOUR_MS);
  });

  it('is told by a metric, also when nobody calls', async () => {
    maintenance(WINDOW);
    const figure = async () => (await registry.metrics()).match(/maintenance\{.*"ecf"\} (\d)/)?.[1];
    expect(await figure()).toBeUndefined();
    clock.ms = NINE;
    expect(await figure()).toBe('1');
    clock.ms = NINE + 4 * HOUR_MS;
    expect(await figure()).toBe('0');
  });

  it.each([
    'ecf',
    'moon 2026-08-06T09:00Z/2026-08-06T12:00Z',
    'ecf 2026-08-06T09:00/2026-08-06T12:00',
    'ecf 2026-08-06T12:00Z/2026-08-06T09:00Z',
    'ecf 2026-13-06T09:00Z/2026-13-06T12:00Z',
    'ecf 2026-08-06T09:00Z/2027-08-06T12:00Z',
  ])('refuses %s', (text) => {
    expect(() => readClosures(text)).toThrow(RangeError);
  });
});

import { crashPointNames } from '@getupnet/platform';
import { Seeded } from '../seeded.js';
import { CrashPlan } from './crash-plan.js';
import { scheduleOf } from './schedule.js';

const KINDS = ['sign', 'dgii-client', 'billing-http', 'billing-worker', 'audit'];
const SIZE = { kills: 50, flushes: 5, databaseCrashes: 5, pauseMs: 5_000, freezeMs: 14_000 };

describe('the schedule', () => {
  const turns = scheduleOf(SIZE, new Seeded('s'));
  const count = (kind: string): number => turns.filter(({ mishap }) => mishap.kind === kind).length;

  test('is the same again for the same seed, and another one for another', () => {
    expect(scheduleOf(SIZE, new Seeded('s'))).toEqual(turns);
    expect(scheduleOf(SIZE, new Seeded('t'))).not.toEqual(turns);
  });

  test('holds what was asked for, two to five seconds apart', () => {
    expect([count('kill'), count('queue-flush'), count('database-crash')]).toEqual([50, 5, 5]);
    for (const { pauseMs, burstMs } of turns) {
      expect(pauseMs).toBeGreaterThanOrEqual(2_000);
      expect(pauseMs).toBeLessThanOrEqual(5_000);
      expect(burstMs).toBeLessThanOrEqual(pauseMs);
    }
  });

  test('every door sees every kind of weather', () => {
    const seen = new Set(
      turns.map(({ mishap }) =>
        mishap.kind === 'weather' ? `${mishap.door} ${JSON.stringify(mishap.weather)}` : '',
      ),
    );
    for (const door of ['postgres', 'redis', 'dgii']) {
      for (const what of ['questions', 'answers', 'down', 'latency', 'slice']) {
        expect([...seen].some((text) => text.startsWith(door) && text.includes(what))).toBe(true);
      }
    }
  });
});

describe('the plan of crash points', () => {
  const planOf = (once: boolean, kinds = KINDS): CrashPlan =>
    new CrashPlan(crashPointNames, new Set(kinds), new Seeded('s'), once);

  test('has each point once, or in all three ways', () => {
    expect(planOf(true).total).toBe(crashPointNames.length);
    expect(planOf(false).total).toBe(crashPointNames.length * 3);
    expect(planOf(true).undriven).toEqual([]);
  });

  test('names what no process of the run passes', () => {
    const { undriven } = planOf(true, ['sign']);
    expect(undriven).toContain('audit.before_append');
    expect(undriven).not.toContain('sign.before_journal');
  });

  test('arms one process with a point at a time, until it was hit', () => {
    const plan = planOf(true, ['sign']);
    const orders = plan.arm('sign-1', 'sign').split(',');
    expect(orders).toHaveLength(2);
    expect(plan.arm('sign-2', 'sign')).toBe('');
    for (const order of orders) {
      expect(plan.isArmed('sign-1')).toBe(true);
      const [point = '', kind = ''] = order.split(':');
      plan.fired(point, kind);
    }
    expect([plan.isArmed('sign-1'), plan.left, plan.arm('sign-1', 'sign')]).toEqual([
      false,
      [],
      '',
    ]);
  });

  test('a life that ends gives back what was not hit; after the end nobody is armed', () => {
    const plan = planOf(true, ['sign']);
    const first = plan.arm('sign-1', 'sign').split(',').sort();
    expect(plan.arm('sign-1', 'sign').split(',').sort()).toEqual(first);
    expect([...plan.wanting()]).toEqual(['sign']);
    plan.end();
    expect(plan.arm('sign-1', 'sign')).toBe('');
  });
});

import { jest } from '@jest/globals';
import { Lifecycle } from '@getupnet/platform';
import type { Notifications } from '@getupnet/persistence';
import { VerdictWaiter } from './verdict-waiter.js';

/** The database's notifications, spoken by the test. */
class SpokenNotifications {
  say: (payload: string) => void = () => undefined;

  async listen(_channel: string, handler: (payload: string) => void) {
    this.say = handler;
    return async () => undefined;
  }
}

const HOUR_MS = 3_600_000;

describe('VerdictWaiter', () => {
  const spoken = new SpokenNotifications();
  const lifecycle = new Lifecycle();
  const waiter = new VerdictWaiter(spoken as unknown as Notifications, lifecycle);

  beforeAll(async () => {
    jest.useFakeTimers();
    await waiter.onApplicationBootstrap();
  });

  afterAll(() => {
    jest.useRealTimers();
  });

  it('hears what is announced while somebody waits', async () => {
    const alarm = waiter.arm('a');
    const rung = alarm.next(HOUR_MS);
    spoken.say('a');
    await expect(rung).resolves.toBeUndefined();
    alarm.disarm();
  });

  it('does not miss what is announced before anybody waits', async () => {
    const alarm = waiter.arm('b');
    spoken.say('b');
    await expect(alarm.next(HOUR_MS)).resolves.toBeUndefined();
    alarm.disarm();
  });

  it('looks by itself after a second, should the announcement be lost', async () => {
    const alarm = waiter.arm('c');
    let over = false;
    const waiting = alarm.next(HOUR_MS).then(() => (over = true));
    spoken.say('another document');
    await jest.advanceTimersByTimeAsync(999);
    expect(over).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await waiting;
    expect(over).toBe(true);
    alarm.disarm();
  });

  it('lets everybody go when the process is about to stop', async () => {
    const alarm = waiter.arm('d');
    const waiting = alarm.next(HOUR_MS);
    expect(waiter.closing).toBe(false);
    lifecycle.beginDrain();
    await waiting;
    expect(waiter.closing).toBe(true);
    alarm.disarm();
  });
});

import { Rounds } from './rounds.js';

const NEVER_MS = 3_600_000;
const failures: unknown[] = [];
const onFailure = (error: unknown): void => void failures.push(error);

/** Answers once the work was begun so many times. */
function counted(everyMs: number, answer: (round: number) => Promise<boolean | void>) {
  let rounds = 0;
  const waiting = new Map<number, () => void>();
  const work = (): Promise<boolean | void> => {
    rounds += 1;
    waiting.get(rounds)?.();
    return answer(rounds);
  };
  const reached = (count: number): Promise<void> =>
    new Promise((resolve) => {
      if (rounds >= count) resolve();
      else waiting.set(count, resolve);
    });
  return { rounds: new Rounds({ everyMs, work, onFailure }), reached, count: () => rounds };
}

describe('Rounds', () => {
  test('come by the clock, after a failure too', async () => {
    const { rounds, reached } = counted(1, (round) =>
      round === 2 ? Promise.reject(new Error('second')) : Promise.resolve(),
    );
    rounds.start();
    await reached(4);
    await rounds.stop();
    expect(failures).toEqual([new Error('second')]);
  });

  test('come at once while there is more to do', async () => {
    const { rounds, reached, count } = counted(NEVER_MS, (round) => Promise.resolve(round < 3));
    rounds.start();
    await reached(3);
    await rounds.stop();
    expect(count()).toBe(3);
  });

  test('come when asked for, one more for what was asked during a round', async () => {
    let end = (): void => undefined;
    const { rounds, reached, count } = counted(NEVER_MS, (round) =>
      round === 1 ? new Promise((resolve) => (end = resolve)) : Promise.resolve(),
    );
    rounds.start();
    rounds.now();
    rounds.now();
    end();
    await reached(2);
    rounds.now();
    await reached(3);
    await rounds.stop();
    expect(count()).toBe(3);
  });

  test('never overlap, and stopping waits for the one under way', async () => {
    let under = 0;
    let most = 0;
    const { rounds, reached } = counted(0, async () => {
      most = Math.max(most, (under += 1));
      await Promise.resolve();
      under -= 1;
    });
    rounds.start();
    rounds.start();
    await reached(5);
    await rounds.stop();
    expect([most, under]).toEqual([1, 0]);
  });
});

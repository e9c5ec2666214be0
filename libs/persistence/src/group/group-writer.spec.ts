import { AppError, isAppError } from '@getupnet/kernel';
import { GroupWriter } from './group-writer.js';

/** An executor whose batches end when the test says so. */
function manual() {
  const batches: { items: readonly number[]; finish: () => void; fail: (e: unknown) => void }[] =
    [];
  const execute = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      batches.push({
        items,
        finish: () => resolve(items.map((item) => item * 10)),
        fail: reject,
      });
    });
  return { batches, execute };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const settled = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: unknown) => error,
  );

describe('GroupWriter', () => {
  test('a lone item is written at once, and those that come meanwhile together', async () => {
    const { batches, execute } = manual();
    const writer = new GroupWriter({ name: 'x', execute });
    const first = writer.submit(1);
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([[1]]);

    const rest = [2, 3, 4].map((item) => writer.submit(item));
    await turn();
    expect(batches).toHaveLength(1);
    batches[0]?.finish();
    await expect(first).resolves.toBe(10);
    await turn();
    expect(batches[1]?.items).toEqual([2, 3, 4]);
    batches[1]?.finish();
    await expect(Promise.all(rest)).resolves.toEqual([20, 30, 40]);
  });

  test('what is submitted in one turn shares a batch, up to its limit', async () => {
    const sizes: number[] = [];
    const writer = new GroupWriter<number, number>({
      name: 'x',
      maxItems: 3,
      execute: async (items) => {
        sizes.push(items.length);
        return [...items];
      },
    });
    const items = [1, 2, 3, 4, 5, 6, 7];
    await expect(Promise.all(items.map((item) => writer.submit(item)))).resolves.toEqual(items);
    expect(sizes).toEqual([3, 3, 1]);
  });

  test('a second lane takes a full batch at once and a partial one after the wait', async () => {
    const { batches, execute } = manual();
    const writer = new GroupWriter({ name: 'x', maxItems: 2, lanes: 2, maxWaitMs: 1, execute });
    const all = [writer.submit(1)];
    await turn();
    all.push(writer.submit(2), writer.submit(3));
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([[1], [2, 3]]);
    all.push(writer.submit(4), writer.submit(5));
    await turn();
    expect(batches).toHaveLength(2);
    batches[1]?.finish();
    await all[1];
    await turn();
    expect(batches[2]?.items).toEqual([4, 5]);
    batches.forEach((batch) => batch.finish());
    await Promise.all(all);

    const lone = manual();
    const patient = new GroupWriter({ name: 'x', lanes: 2, maxWaitMs: 1, execute: lone.execute });
    const pair = [patient.submit(1)];
    await turn();
    pair.push(patient.submit(2));
    while (lone.batches.length < 2) await turn();
    lone.batches.forEach((batch) => batch.finish());
    await Promise.all(pair);
  });

  test('a party with a thousand items waiting leaves the others their turn in each batch', async () => {
    const { batches, execute } = manual();
    const writer = new GroupWriter({
      name: 'x',
      maxItems: 4,
      partyOf: (item: number) => (item < 1_000 ? 'busy' : String(item)),
      execute,
    });
    const all = Array.from({ length: 1_000 }, (_, item) => writer.submit(item));
    await turn();
    all.push(writer.submit(5_000));
    batches[0]?.finish();
    await all[0];
    await turn();
    all.push(writer.submit(6_000), writer.submit(7_000));
    batches[1]?.finish();
    await all[4];
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 5_000],
      [7, 8, 6_000, 7_000],
    ]);
    let finished = 2;
    while (finished < batches.length) {
      batches[finished]?.finish();
      finished += 1;
      await turn();
      await turn();
    }
    await expect(Promise.all(all)).resolves.toHaveLength(1_003);
  });

  test('one item at fault fails alone', async () => {
    const tried: (readonly number[])[] = [];
    const writer = new GroupWriter<number, number>({
      name: 'x',
      execute: async (items) => {
        tried.push(items);
        if (items.includes(3)) throw new Error('three');
        return [...items];
      },
    });
    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => writer.submit(item)));
    expect(outcomes.map((o) => (o.status === 'fulfilled' ? o.value : 'failed'))).toEqual([
      1,
      2,
      'failed',
      4,
      5,
    ]);
    expect(tried).toEqual([[1, 2, 3, 4, 5], [1, 2, 3], [1, 2], [3], [4, 5]]);
  });

  test('a database that is away is not asked again for every part', async () => {
    let calls = 0;
    const writer = new GroupWriter<number, number>({
      name: 'x',
      execute: async () => {
        calls += 1;
        throw new AppError('dependency.unavailable', { dependency: 'PostgreSQL' });
      },
    });
    const outcomes = await Promise.all([1, 2, 3].map((item) => settled(writer.submit(item))));
    expect(outcomes.every((error) => isAppError(error, 'dependency.unavailable'))).toBe(true);
    expect(calls).toBe(1);
  });

  test('an executor that answers too little is a bug, and nobody waits for ever', async () => {
    const writer = new GroupWriter<number, number>({ name: 'x', execute: async () => [] });
    await expect(writer.submit(1)).rejects.toThrow('x: 1 items, 0 outcomes');
  });

  test('the queue is bounded', async () => {
    const { batches, execute } = manual();
    const writer = new GroupWriter({ name: 'x', maxItems: 1, maxQueued: 2, execute });
    const taken = [writer.submit(1)];
    await turn();
    taken.push(writer.submit(2), writer.submit(3));
    const refused = await settled(writer.submit(4));
    expect(isAppError(refused, 'dependency.unavailable')).toBe(true);
    for (let index = 0; index < 3; index += 1) {
      batches[index]?.finish();
      await taken[index];
      await turn();
    }
    expect(batches).toHaveLength(3);
  });

  test('one party may fill half of the queue, and the others still find room', async () => {
    const { batches, execute } = manual();
    const partyOf = (item: number) => (item < 10 ? 'busy' : String(item));
    const writer = new GroupWriter({ name: 'x', maxItems: 1, maxQueued: 4, partyOf, execute });
    const taken = [writer.submit(1)];
    await turn();
    taken.push(writer.submit(2), writer.submit(3));
    const refused = await settled(writer.submit(4));
    expect(isAppError(refused, 'dependency.unavailable')).toBe(true);
    taken.push(writer.submit(10), writer.submit(20));
    expect(isAppError(await settled(writer.submit(30)), 'dependency.unavailable')).toBe(true);
    for (let index = 0; index < 5; index += 1) {
      batches[index]?.finish();
      await turn();
      await turn();
    }
    await expect(Promise.all(taken)).resolves.toEqual([10, 20, 30, 100, 200]);
  });

  test('drain settles what was taken and takes no more', async () => {
    const { batches, execute } = manual();
    const writer = new GroupWriter({ name: 'x', maxItems: 1, execute });
    const taken = [writer.submit(1), writer.submit(2)];
    await turn();
    let drained = false;
    const draining = writer.drain().then(() => {
      drained = true;
    });
    expect(isAppError(await settled(writer.submit(3)), 'dependency.unavailable')).toBe(true);
    batches[0]?.finish();
    await taken[0];
    await turn();
    expect(drained).toBe(false);
    batches[1]?.finish();
    await draining;
    await expect(Promise.all(taken)).resolves.toEqual([10, 20]);
    await expect(writer.drain()).resolves.toBeUndefined();
  });
});

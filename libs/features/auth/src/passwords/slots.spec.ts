import { Slots } from './slots.js';

interface Work {
  readonly done: Promise<string>;
  readonly finish: () => void;
  readonly fail: () => void;
}

function work(slots: Slots, order: string[], name: string): Work {
  let finish: () => void = () => undefined;
  let fail: () => void = () => undefined;
  const gate = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = () => reject(new Error(name));
  });
  const done = slots.run(async () => {
    order.push(name);
    await gate;
    return name;
  });
  return { done, finish, fail };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('so much at once, the rest in its order', async () => {
  const slots = new Slots(2, 10);
  const order: string[] = [];
  const works = ['a', 'b', 'c', 'd'].map((name) => work(slots, order, name));
  await settled();
  expect([order, slots.running, slots.waiting]).toEqual([['a', 'b'], 2, 2]);
  works[1]?.finish();
  await settled();
  expect([order, slots.running, slots.waiting]).toEqual([['a', 'b', 'c'], 2, 1]);
  for (const { finish } of works) finish();
  expect(await Promise.all(works.map(({ done }) => done))).toEqual(['a', 'b', 'c', 'd']);
  expect([slots.running, slots.waiting]).toEqual([0, 0]);
});

test('who finds the queue full is refused at once, and a slot is not lost by it', async () => {
  const slots = new Slots(1, 1);
  const order: string[] = [];
  const [first, second, third] = ['a', 'b', 'c'].map((name) => work(slots, order, name));
  await expect(third?.done).rejects.toMatchObject({ code: 'rate.limited', retryAfterS: 2 });
  first?.finish();
  second?.finish();
  await Promise.all([first?.done, second?.done]);
  expect([order, slots.running]).toEqual([['a', 'b'], 0]);
});

test('work that fails gives its slot back', async () => {
  const slots = new Slots(1, 1);
  const order: string[] = [];
  const [first, second] = ['a', 'b'].map((name) => work(slots, order, name));
  first?.fail();
  await expect(first?.done).rejects.toThrow('a');
  second?.finish();
  expect(await second?.done).toBe('b');
});

test('whose turn comes too late is refused, and the slot is free', async () => {
  const slots = new Slots(1, 10, -1);
  const order: string[] = [];
  const [first, second, third] = ['a', 'b', 'c'].map((name) => work(slots, order, name));
  const late = Promise.allSettled([second?.done, third?.done]);
  first?.finish();
  for (const { status } of await late) expect(status).toBe('rejected');
  expect([order, slots.running, slots.waiting]).toEqual([['a'], 0, 0]);
});

import fc from 'fast-check';
import { TurnQueue } from './turn-queue.js';

const queue = (text: string): TurnQueue<string> => {
  const made = new TurnQueue<string>();
  for (const item of text.split(' ')) made.push(item.slice(0, 1), item);
  return made;
};

test('one party is first in, first out', () => {
  const one = queue('a1 a2 a3 a4');
  expect([one.take(3), one.take(3), one.take(3)]).toEqual([['a1', 'a2', 'a3'], ['a4'], []]);
});

test('whoever had a turn goes behind the others', () => {
  const three = queue('a1 a2 a3 b1 b2 c1');
  expect([three.first, three.size]).toEqual(['a1', 6]);
  expect(three.take(2)).toEqual(['a1', 'b1']);
  expect(three.take(2)).toEqual(['c1', 'a2']);
  expect(three.take(9)).toEqual(['b2', 'a3']);
  expect([three.first, three.size]).toEqual([undefined, 0]);
});

test('nothing is lost, nothing twice, each party in its order, and nobody waits past one round', () => {
  const parties = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(parties, fc.integer({ min: 6, max: 20 }), (pushed, most) => {
      const made = new TurnQueue<{ readonly party: number; readonly at: number }>();
      pushed.forEach((party, at) => made.push(String(party), { party, at }));
      const taken: { readonly party: number; readonly at: number }[] = [];
      while (made.size > 0) {
        const waiting = new Set(pushed.filter((_, at) => !taken.some((item) => item.at === at)));
        const batch = made.take(most);
        expect(batch).toHaveLength(Math.min(most, pushed.length - taken.length));
        // Six parties at the most, and room for six: each that waits is in every batch.
        expect(new Set(batch.map(({ party }) => party))).toEqual(waiting);
        taken.push(...batch);
      }
      for (const party of new Set(pushed)) {
        const own = taken.filter((item) => item.party === party).map(({ at }) => at);
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
      expect(taken).toHaveLength(pushed.length);
    }),
  );
});

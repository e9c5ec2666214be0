import { Outage } from './outage.js';

test('an outage that could not be ended is ended by the next try, and not again', async () => {
  const restored: string[] = [];
  let isAway = true;
  const outage = new Outage({
    cut: () => Promise.resolve('fault-1'),
    restore: (fault) => {
      if (isAway) return Promise.reject(new Error('no responde'));
      restored.push(fault);
      return Promise.resolve();
    },
  });
  await outage.begin('testecf');
  await expect(outage.end()).rejects.toThrow('no responde');
  isAway = false;
  await outage.end();
  await outage.end();
  expect(restored).toEqual(['fault-1']);
});

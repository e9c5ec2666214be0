import { ExpiringLru } from './expiring-lru.js';

test('entries live their time, and no longer when the clock is set back', () => {
  const cache = new ExpiringLru<string>(10, 100);
  cache.set('a', 'A', 1_000);
  expect(cache.get('a', 1_099)).toBe('A');
  expect(cache.get('a', 1_100)).toBeUndefined();
  cache.set('b', 'B', 1_000);
  expect(cache.get('b', 899)).toBeUndefined();
  expect(cache.size).toBe(0);
});

test('the one longest unused makes room', () => {
  const cache = new ExpiringLru<string>(2, 100);
  cache.set('a', 'A', 0);
  cache.set('b', 'B', 0);
  expect(cache.get('a', 1)).toBe('A');
  cache.set('c', 'C', 1);
  expect(cache.size).toBe(2);
  expect(cache.get('b', 1)).toBeUndefined();
  expect(cache.get('a', 1)).toBe('A');
});

import { createHash } from 'node:crypto';
import { hashApiKey, isApiKeyShaped, newApiKey } from './api-key.js';

test('KEY-3: a key is gk_ and 32 random bytes in hex, recognised by the hash of all of it', () => {
  const { key, hash, prefix } = newApiKey();
  expect(key).toMatch(/^gk_[0-9a-f]{64}$/);
  expect(hash).toBe(createHash('sha256').update(key).digest('hex'));
  expect(hashApiKey(key)).toBe(hash);
  expect(prefix).toBe(key.slice(0, 9));
  expect(newApiKey().key).not.toBe(key);
});

test.each(['', 'gk_', `gk_${'A'.repeat(64)}`, `gk_${'0'.repeat(63)}`, `xx_${'0'.repeat(64)}`])(
  'not a key: %j',
  (text) => expect(isApiKeyShaped(text)).toBe(false),
);

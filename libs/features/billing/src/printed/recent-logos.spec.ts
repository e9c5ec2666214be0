import type { Logo } from '@getupnet/ri';
import { RecentLogos } from './recent-logos.js';

const DIGEST = 'ab'.repeat(32);
const logo = (): Logo => ({ mediaType: 'image/png', bytes: new Uint8Array([1]) });

test('the same image of a tenant stays the same object', () => {
  const logos = new RecentLogos();
  const first = logo();
  expect(logos.same('a', DIGEST, first)).toBe(first);
  expect(logos.same('a', DIGEST, logo())).toBe(first);
});

test('TEN-5: another tenant gets its own, also of the same bytes', () => {
  const logos = new RecentLogos();
  const [ours, theirs] = [logo(), logo()];
  logos.same('a', DIGEST, ours);
  expect(logos.same('b', DIGEST, theirs)).toBe(theirs);
  expect(logos.same('a', DIGEST, theirs)).toBe(ours);
});

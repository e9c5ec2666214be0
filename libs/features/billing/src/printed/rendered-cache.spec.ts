import type { Config } from '@getupnet/platform';
import { entityTag, isKnown, type PrintedFacts } from './entity-tag.js';
import { contrastWithWhite } from './branding/contrast.js';
import { RecentLogos } from './recent-logos.js';
import { RenderedCache, type Rendered } from './rendered-cache.js';

const cacheOf = (bytes: number): RenderedCache =>
  new RenderedCache({ get: () => ({ BILLING_RI_CACHE_BYTES: bytes }) } as unknown as Config);
const rendered = (bytes: number): Rendered => ({
  body: Buffer.alloc(bytes),
  fileName: 'x.pdf',
  mediaType: 'application/pdf',
});

describe('RenderedCache', () => {
  test('forgets what was not asked for longest, and never holds more than its bytes', () => {
    const cache = cacheOf(100);
    for (const tag of ['a', 'b', 'c', 'd']) cache.put('t', tag, rendered(25));
    expect(cache.bytes).toBe(100);
    expect(cache.get('t', 'a')).toBeDefined();
    cache.put('t', 'e', rendered(20));
    expect(['a', 'b', 'c', 'd', 'e'].map((tag) => cache.get('t', tag) !== undefined)).toEqual([
      ...[true, false, true, true, true],
    ]);
    expect(cache.bytes).toBe(95);
  });

  test('counts an entry once, however often it is put', () => {
    const cache = cacheOf(100);
    for (let round = 0; round < 1_000; round += 1) cache.put('t', 'a', rendered(10));
    expect(cache.bytes).toBe(10);
  });

  test('keeps nothing that would push out the rest, and nothing at all with 0', () => {
    const cache = cacheOf(100);
    cache.put('t', 'small', rendered(25));
    cache.put('t', 'large', rendered(26));
    expect([cache.get('t', 'small') !== undefined, cache.get('t', 'large')]).toEqual([
      true,
      undefined,
    ]);
    const none = cacheOf(0);
    none.put('t', 'a', rendered(1));
    expect([none.bytes, none.get('t', 'a')]).toEqual([0, undefined]);
  });

  test('TEN-5: another tenant finds nothing under the same tag', () => {
    const cache = cacheOf(100);
    cache.put('one', 'a', rendered(1));
    expect(cache.get('two', 'a')).toBeUndefined();
  });
});

test('the same image stays the same object, for a bounded number of images', () => {
  const logos = new RecentLogos();
  const logo = () => ({ mediaType: 'image/png', bytes: Buffer.alloc(1) }) as const;
  const first = logo();
  expect(logos.same('t', 'a', first)).toBe(first);
  expect(logos.same('t', 'a', logo())).toBe(first);
  expect(logos.same('u', 'a', logo())).not.toBe(first);
  for (let image = 0; image < 100; image += 1) logos.same('t', `b${image}`, logo());
  expect(logos.same('t', 'a', logo())).not.toBe(first);
});

describe('entity tags', () => {
  const facts: PrintedFacts = {
    ...{ format: 'pdf', signedSha256: 'ab'.repeat(32), environment: 'ecf' },
    ...{ standing: 'accepted', mode: 'normal' },
    branding: { accentColor: null, footerText: null, columns: null, logo: null },
  };

  test('differ by everything that is printed', () => {
    const logo = { mediaType: 'image/png', width: 1, height: 1, bytes: 1, sha256: 'cd' } as const;
    const others: readonly Partial<PrintedFacts>[] = [
      { format: 'ticket' },
      { signedSha256: 'cd'.repeat(32) },
      { environment: 'testecf' },
      { standing: 'rejected' },
      { mode: 'deferred' },
      ...[
        { accentColor: '#000000' },
        { footerText: 'pie' },
        { columns: ['codigo' as const] },
        { logo },
      ].map((change) => ({ branding: { ...facts.branding, ...change } })),
    ];
    const tags = [facts, ...others.map((other) => ({ ...facts, ...other }))].map(entityTag);
    expect(new Set(tags).size).toBe(others.length + 1);
    expect(tags.every((tag) => /^"[0-9a-f]{40}"$/.test(tag))).toBe(true);
  });

  test.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['a', false],
    ['"A"', false],
    ['', false],
    [undefined, false],
  ])('If-None-Match: %s', (header, known) => {
    expect(isKnown(header, '"a"')).toBe(known);
  });
});

test('contrast with white, as WCAG counts it', () => {
  expect(contrastWithWhite('#FFFFFF')).toBeCloseTo(1);
  expect(contrastWithWhite('#000000')).toBeCloseTo(21);
  // The two greys on either side of 4.5:1.
  expect(contrastWithWhite('#767676')).toBeGreaterThan(4.5);
  expect(contrastWithWhite('#777777')).toBeLessThan(4.5);
});

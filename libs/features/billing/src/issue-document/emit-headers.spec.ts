import { idempotencyKeyOf, waitSecondsOf } from './emit-headers.js';

describe('Prefer', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['respond-async', 0],
    ['wait=10', 10],
    ['respond-async, wait=7', 7],
    ['WAIT = 3', 3],
    ['wait="4"', 4],
    ['wait=600', 25],
    ['wait=-1', 0],
    ['await=9', 0],
  ])('%s → %d s', (header, seconds) => {
    expect(waitSecondsOf(header)).toBe(seconds);
  });
});

describe('Idempotency-Key', () => {
  it('takes 1 to 255 printable characters', () => {
    expect(idempotencyKeyOf('x')).toBe('x');
    expect(idempotencyKeyOf('a'.repeat(255))).toHaveLength(255);
  });

  it.each([undefined, '', '   ', 'a'.repeat(256), 'con espacio', 'ñ', 'a\u0001'])(
    'refuses %j',
    (header) => {
      expect(() => idempotencyKeyOf(header)).toThrow(
        expect.objectContaining({ code: 'idempotency.key_required' }),
      );
    },
  );
});

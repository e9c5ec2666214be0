import { canonicalJson, type Json } from './canonical-json.js';

// Behaviour as RFC 8785 prescribes it: order of keys (3.2.3), numbers (3.2.2.3), strings (3.2.2.2).
it.each<[string, Json, string]>([
  ['keys in order', { a: 1, b: [true, null], c: {} }, '{"a":1,"b":[true,null],"c":{}}'],
  ['keys out of order', { b: { z: 1, y: 2 }, a: [] }, '{"a":[],"b":{"y":2,"z":1}}'],
  ['only the last key out of order', { b: 1, c: 2, a: 3 }, '{"a":3,"b":1,"c":2}'],
  ['capitals before small letters', { a: 1, B: 2, _: 3 }, '{"B":2,"_":3,"a":1}'],
  ['numbers as keys, by their text', { 10: 'x', 9: 'y', a: 'z' }, '{"10":"x","9":"y","a":"z"}'],
  ['UTF-16 units, not code points', { '\ufb33': 1, '😀': 2, '€': 3 }, '{"€":3,"😀":2,"\ufb33":1}'],
  ['what is not defined', { b: undefined, a: 1, c: undefined }, '{"a":1}'],
  ['nothing', {}, '{}'],
  ['empty lists within lists', [[], [[]], ''], '[[],[[]],""]'],
  ['an empty key', { a: 1, '': 0 }, '{"":0,"a":1}'],
  [
    'large and small numbers',
    [1e21, 1e20, 1e-6, 1e-7],
    '[1e+21,100000000000000000000,0.000001,1e-7]',
  ],
  ['minus zero', -0, '0'],
  ['escapes', '\u0007\b\n"\\/\u007f\u2028', '"\\u0007\\b\\n\\"\\\\/\u007f\u2028"'],
])('%s', (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it('numbers that JSON cannot write are refused, wherever they are', () => {
  expect(() => canonicalJson({ a: [Number.NaN] })).toThrow(RangeError);
  expect(() => canonicalJson(Number.NEGATIVE_INFINITY)).toThrow(RangeError);
});

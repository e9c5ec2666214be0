import { storableJson } from './storable-json.js';

describe('storableJson', () => {
  const round = (text: string): unknown => JSON.parse(storableJson({ text }));

  it.each([
    ['U+0000', 'a\u0000b', 'a\ufffdb'],
    ['half a pair', 'a\ud83d, \udc00b', 'a\ufffd, \ufffdb'],
    ['a whole pair', '😀', '😀'],
    ['words that look like an escape', '\\u0000 \\\\ud800', '\\u0000 \\\\ud800'],
    ['other escapes', '"\n\t\u0001\\', '"\n\t\u0001\\'],
  ])('%s', (_name, text, expected) => {
    expect(round(text)).toEqual({ text: expected });
  });
});

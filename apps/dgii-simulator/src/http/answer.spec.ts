import { JsonNumber, dataAnswer, escapeMarkup } from './answer.js';
import { semillaDate, usDateTime } from './dates.js';

describe('dataAnswer', () => {
  const value = { total: new JsonNumber('12345678901234567890.10'), list: ['a', '<'], none: null };

  it('keeps every digit of an amount', () => {
    expect(dataAnswer(value, { wantsXml: false }).body).toBe(
      '{"total":12345678901234567890.10,"list":["a","<"],"none":null}',
    );
  });

  it('repeats the element of a list and leaves out what is null', () => {
    expect(dataAnswer(value, { wantsXml: true, root: 'R' }).body).toBe(
      '<?xml version="1.0" encoding="utf-8"?>' +
        '<R><total>12345678901234567890.10</total><list>a</list><list>&lt;</list></R>',
    );
  });

  it('refuses as a number what is none', () => {
    expect(() => new JsonNumber('1e5')).toThrow(RangeError);
  });
});

it('escapes what could leave its place', () => {
  expect(escapeMarkup(`<a href='x' b="y">&`)).toBe('&lt;a href=&#39;x&#39; b=&#34;y&#34;&gt;&amp;');
});

it.each([
  ['2023-08-15T10:06:57Z', '8/15/2023 6:06:57 AM'],
  ['2023-08-15T16:00:00Z', '8/15/2023 12:00:00 PM'],
  ['2023-08-15T04:05:09Z', '8/15/2023 12:05:09 AM'],
])('writes %s the American way', (iso, text) => {
  expect(usDateTime(new Date(iso))).toBe(text);
});

it('writes the date of a semilla like .NET', () => {
  expect(semillaDate(new Date('2022-07-27T15:59:31.355Z'))).toBe(
    '2022-07-27T11:59:31.3550000-04:00',
  );
});

import fc from 'fast-check';
import { dgiiDay, dgiiInstant, instantOf, minutesOfDay } from './dates.js';

describe('dgiiInstant', () => {
  it.each([
    ['8/15/2023 6:06:57 AM', '2023-08-15T10:06:57.000Z'],
    ['8/5/2023 12:00:00 AM', '2023-08-05T04:00:00.000Z'],
    ['12/31/2023 11:59:59 PM', '2024-01-01T03:59:59.000Z'],
    ['8/5/2023 12:30 PM', '2023-08-05T16:30:00.000Z'],
    ['15/8/2023 6:06:57 AM', '2023-08-15T10:06:57.000Z'],
    ['5/8/2023 6:06:57 p. m.', '2023-08-05T22:06:57.000Z'],
    ['5/8/2023 6:06:57\u00a0a.\u00a0m.', '2023-08-05T10:06:57.000Z'],
    ['05-08-2023 06:06:57', '2023-08-05T10:06:57.000Z'],
    ['08-15-2023 06:06:57', '2023-08-15T10:06:57.000Z'],
    ['05-08-2023', '2023-08-05T04:00:00.000Z'],
    ['2023-08-15T06:06:57', '2023-08-15T10:06:57.000Z'],
    ['2023-08-15T06:06:57.3551245', '2023-08-15T10:06:57.355Z'],
    ['2023-08-15T10:06:57Z', '2023-08-15T10:06:57.000Z'],
    ['2023-08-15T06:06:57-04:00', '2023-08-15T10:06:57.000Z'],
    ['2023-08-15 06:06:57', '2023-08-15T10:06:57.000Z'],
    ['2023-08-15T24:00:00', '2023-08-16T04:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(dgiiInstant(text)?.toISOString()).toBe(instant);
  });

  it.each([
    '',
    'ayer',
    '0001-01-01T00:00:00',
    '1/1/0001 12:00:00 AM',
    '31/31/2023',
    '30-02-2023',
    '8/15/2023 25:00:00',
    '8/15/2023 6:60:00 AM',
    '8/15-2023',
    '8/15/2023 6:06:57 AM trailing',
    `8/15/2023 ${' '.repeat(100)} 6:06:57 AM`,
  ])('%j is no date', (text) => {
    expect(dgiiInstant(text)).toBeNull();
  });

  it('reads back every instant written the American way', () => {
    const years = { min: new Date('2000-01-02'), max: new Date('2198-12-30'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        const instant = new Date(Math.floor(date.getTime() / 1_000) * 1_000);
        const local = new Date(instant.getTime() - 4 * 3_600_000);
        const text = local.toLocaleString('en-US', { timeZone: 'UTC' }).replace(',', '');
        expect(dgiiInstant(text)).toEqual(instant);
      }),
    );
  });

  it('throws at nothing', () => {
    const parts = fc.constantFrom('8', '/', '-', '15', '2023', ' ', ':', 'AM', 'p. m.', 'T', 'Z');
    const dateLike = fc.array(parts, { maxLength: 14 }).map((all) => all.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), dateLike), (text) => {
        const instant = dgiiInstant(text);
        expect(instant === null || !Number.isNaN(instant.getTime())).toBe(true);
        dgiiDay(text);
        minutesOfDay(text);
      }),
    );
  });
});

describe('hours and days of the maintenance windows', () => {
  it.each([
    ['9:00 AM', 540],
    ['12:00 PM', 720],
    ['12:00 AM', 0],
    ['12:30 a. m.', 30],
    ['11:59 p.m.', 1_439],
    ['21:30', 1_290],
    ['09:00:00', 540],
    ['24:00', 1_440],
    ['15:00 PM', 900],
    ['15:00 AM', null],
    ['25:00', null],
    ['9', null],
    ['', null],
  ])('%j is %j minutes', (text, minutes) => {
    expect(minutesOfDay(text)).toBe(minutes);
  });

  it('take hyphens for day first and count in Dominican time', () => {
    const day = dgiiDay('06-08-2020');
    expect(day).toEqual({ year: 2020, month: 8, day: 6 });
    expect(dgiiDay('8/6/2020')).toEqual(day);
    expect(day && instantOf(day, 540).toISOString()).toBe('2020-08-06T13:00:00.000Z');
  });
});

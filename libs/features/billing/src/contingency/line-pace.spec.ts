import { LinePace, MOST_LINES } from './line-pace.js';

function widthOf(pace: LinePace): number {
  return pace.room('ecf');
}

describe('LinePace', () => {
  it('doubles with each turn that went well, up to a bound', () => {
    const pace = new LinePace();
    const widths = [widthOf(pace)];
    for (let turn = 0; turn < 6; turn += 1) {
      pace.begin('ecf');
      pace.end('ecf', 'sent');
      widths.push(widthOf(pace));
    }
    expect(widths).toEqual([1, 2, 4, 8, MOST_LINES, MOST_LINES, MOST_LINES]);
  });

  it('begins with one line again after a failure; a turn that tried nothing says nothing', () => {
    const pace = new LinePace();
    for (const outcome of ['sent', 'sent', null] as const) {
      pace.begin('ecf');
      pace.end('ecf', outcome);
    }
    expect([widthOf(pace), pace.isCautious('ecf')]).toEqual([4, false]);
    pace.begin('ecf');
    expect(widthOf(pace)).toBe(3);
    pace.end('ecf', 'failed');
    expect([widthOf(pace), pace.isCautious('ecf')]).toEqual([1, true]);
    expect(pace.room('testecf')).toBe(1);
  });
});

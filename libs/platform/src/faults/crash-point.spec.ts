import { crashPointNames } from './crash-point-names.js';
import { InjectedFault, armCrashPoints, crashPoint } from './crash-point.js';

const POINT = 'send_stage.after_intent';
const OTHER = 'send_stage.after_answer';

describe('crash points', () => {
  afterEach(() => armCrashPoints(undefined));

  test('nothing happens at a point that is not armed', async () => {
    armCrashPoints(`${OTHER}:exception`);
    await expect(crashPoint(POINT)).resolves.toBeUndefined();
  });

  test('an armed one fails at the pass it was told, once', async () => {
    armCrashPoints(`${POINT}:exception:2,${OTHER}:exception`);
    await crashPoint(POINT);
    await expect(crashPoint(POINT)).rejects.toThrow(new InjectedFault(`crash point ${POINT}`));
    await crashPoint(POINT);
    await expect(crashPoint(OTHER)).rejects.toThrow(InjectedFault);
  });

  test.each(['send_stage.after_intent', 'x:explode', `${POINT}:kill:0`])(
    '«%s» is no order',
    (at) => {
      expect(() => armCrashPoints(at)).toThrow(/CRASH_AT/);
    },
  );

  test('each has one name, of an area and a moment', () => {
    expect(crashPointNames.length).toBeGreaterThan(20);
    expect(new Set(crashPointNames).size).toBe(crashPointNames.length);
    for (const name of crashPointNames) expect(name).toMatch(/^[a-z_]+\.[a-z_]+$/);
  });
});

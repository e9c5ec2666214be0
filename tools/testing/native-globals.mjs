// What suites that Node loads itself import from '@jest/globals'. The rest they find as globals.
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';

const mocker = new ModuleMocker(globalThis);
let timers;
let injected = {};

export const jest = {
  fn: (implementation) => mocker.fn(implementation),
  spyOn: (object, name, access) => mocker.spyOn(object, name, access),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  clearAllMocks: () => mocker.clearAllMocks(),
  useFakeTimers: (options) => timers.useFakeTimers(options),
  useRealTimers: () => timers.useRealTimers(),
  setSystemTime: (now) => timers.setSystemTime(now),
  advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
  advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
};

/** Sets the globals of one suite; `close` takes back what it left behind. */
export function openGlobals(config) {
  timers = new ModernFakeTimers({ global: globalThis, config });
  return {
    use(globals) {
      injected = globals;
    },
    close() {
      for (const name of Object.keys(injected)) delete globalThis[name];
      mocker.restoreAllMocks();
      timers.dispose();
    },
  };
}

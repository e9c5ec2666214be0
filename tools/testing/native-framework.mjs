// Jest's test framework, with one difference: a suite and what it imports are loaded by Node itself
// and not into a context of their own. What a worker has loaded once (Nest, the database client, our
// libraries) serves all of its suites, which halves the time of the whole run. Everything else, the
// order of tests, time limits, snapshots, reports, is jest-circus's.
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
import circus from 'jest-circus/runner';
import { openGlobals } from './native-globals.mjs';

const mutant = JSON.parse(process.env.GETUPNET_MUTANT ?? 'null');
register('../ts-hooks.mjs', { parentURL: import.meta.url, data: { crashPoints: true, mutant } });
register('./native-hooks.mjs', import.meta.url);

// Stacks name the lines as they were written.
process.setSourceMapsEnabled(true);

const require = createRequire(import.meta.url);
let suites = 0;

/** jest-circus keeps the suite under way in global symbols: each suite gets them anew. */
function freshModule(path) {
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    if (/^(JEST_|EVENT_HANDLERS)/.test(symbol.description ?? '')) delete globalThis[symbol];
  }
  delete require.cache[path];
  return require(path);
}

export default async function runSuite(globalConfig, config, environment, runtime, path, ...rest) {
  const globals = openGlobals(config);
  const native = {
    requireInternalModule: freshModule,
    requireModule: require,
    setGlobalsForRuntime: (injected) => globals.use(injected),
    enterTestCode: () => runtime.enterTestCode(),
    leaveTestCode: () => runtime.leaveTestCode(),
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (file) => {
      suites += 1;
      return import(`${pathToFileURL(file).href}?suite=${suites}`);
    },
  };
  // Jest's own knows the maps of its contexts only.
  Error.prepareStackTrace = undefined;
  const before = { ...process.env };
  try {
    const around = { global: globalThis };
    return await circus.default(globalConfig, config, around, native, path, ...rest);
  } finally {
    globals.close();
    restoreEnvironment(before);
  }
}

/** Variables a suite set are its own. */
function restoreEnvironment(before) {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
}

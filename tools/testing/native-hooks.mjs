// Suites loaded by Node itself get our '@jest/globals': Jest's own is for its contexts only.
const globals = new URL('./native-globals.mjs', import.meta.url).href;

export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
  return next(specifier, context);
}

import { readFileSync, writeFileSync } from 'node:fs';
import { renderEcfModel, renderOtherModels } from './typescript.js';

const update = process.env['UPDATE_GENERATED'] === '1';

test.each([
  ['../model/ecf.ts', renderEcfModel],
  ['../model/others.ts', renderOtherModels],
])('%s is what the catalogue says', (file, render) => {
  const path = new URL(file, import.meta.url);
  if (update) writeFileSync(path, render());
  expect(readFileSync(path, 'utf8')).toBe(render());
});

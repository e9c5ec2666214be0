import { FORMATS } from '../catalogue/formats.js';
import { read } from '../xml/read.js';
import {
  officialXsd,
  officialXsdDir,
  samplesDir,
  samplesIn,
  SAMPLES_VARIABLE,
  XSD_VARIABLE,
} from './official.js';
import { compareFormat, isClean, type FormatReport } from './run.js';
import { STRICTNESSES } from './strictnesses.data.js';

/** A slice; `npm run conformance` compares a hundred times as many. */
const COUNT = 200;
const SEED = 20261121;
const TIMEOUT_MS = 120_000;

/** Prints why a part of the suite does not run. */
function available(what: string, path: string | undefined, variable: string): boolean {
  if (path !== undefined) return true;
  process.stderr.write(`skipped: ${what} (${variable} is not set or names no such folder)\n`);
  return false;
}

const xsdDir = officialXsdDir();
const official = available('verdicts of the official schemas', xsdDir, XSD_VARIABLE);
const dir = samplesDir();
const samples = available('sample documents', dir, SAMPLES_VARIABLE) ? samplesIn(dir ?? '') : [];

const faultsOf = (report: FormatReport) =>
  report.differences.map(({ what, verdicts, xml }) => ({ what, verdicts, xml }));

describe.each(FORMATS)('%s', (format) => {
  let report: FormatReport;

  beforeAll(() => {
    report = compareFormat({
      format,
      count: COUNT,
      seed: SEED,
      officialXsd: xsdDir === undefined ? undefined : officialXsd(xsdDir, format),
      samples: samples.filter(({ xml }) => read(xml).format === format),
    });
  }, TIMEOUT_MS);

  test('our schema and our validator say the same', () => {
    const faults = faultsOf(report).filter(({ verdicts }) => verdicts.official !== false);
    expect(faults).toEqual([]);
  });

  (official ? test : test.skip)('and so does the official schema', () => {
    expect(report.official).toBe(true);
    expect(faultsOf(report)).toEqual([]);
    expect(isClean(report)).toBe(true);
  });

  test('generated documents have every element, lists several entries', () => {
    const { fields, reached, missing, lists, several } = report.coverage;
    expect(missing).toEqual([]);
    expect([reached, several]).toEqual([fields, lists]);
  });

  test('mutations do harm', () => {
    // Changes that nobody minds would prove nothing.
    const { documents, refused } = report.phases.mutations;
    expect(documents).toBe(COUNT);
    expect(refused).toBeGreaterThan(COUNT / 2);
    expect(refused).toBeLessThan(COUNT);
  });
});

test('every documented difference has one name and says why', () => {
  const ids = STRICTNESSES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { what, why, source } of STRICTNESSES) {
    expect([what, why, source].every((text) => text.length > 20)).toBe(true);
  }
});

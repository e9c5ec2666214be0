import { FORMATS } from '@getupnet/ecf';
import { compareFormat, type FormatReport } from '../../libs/ecf/src/conformance/run.js';
import { STRICTNESSES } from '../../libs/ecf/src/conformance/strictnesses.data.js';
import { DEFAULT_COUNT, Misuse, readOptions } from './options.js';
import { conformancePage } from './page.js';
import { reportText } from './report.js';

test('without options everything is compared', () => {
  expect(readOptions([])).toMatchObject({ count: DEFAULT_COUNT, formats: FORMATS, json: false });
});

test('formats are found however they are written', () => {
  expect(readOptions(['--format', '31', '--format', 'semilla']).formats).toEqual(['31', 'Semilla']);
});

test.each([
  ['--count', '0'],
  ['--count', '-5'],
  ['--count', '1e3'],
  ['--seed', 'x'],
  ['--format', '99'],
  ['--what', '1'],
])('%s %s is misuse', (...args) => {
  expect(() => readOptions(args)).toThrow(Misuse);
});

const report: FormatReport = compareFormat({ format: 'ARECF', count: 20, seed: 1, samples: [] });

test('the report names what differs and who says what', () => {
  const verdicts = { official: true, schema: false, validator: false };
  const objections = { official: undefined, schema: 'not a state', validator: 'ECF-FMT-07' };
  const faulty: FormatReport = {
    ...report,
    unexplained: 5,
    differences: [{ format: 'ARECF', what: 'Estado = "9"', verdicts, objections, xml: '<ARECF/>' }],
  };
  expect(reportText([report], 1)).toContain('Sin diferencias por explicar');
  const text = reportText([faulty], 1);
  expect(text).toContain('Hay diferencias por explicar');
  expect(text).toMatch(
    /XSD oficial: +acepta\n +XSD nuestro: +not a state\n +validador: +ECF-FMT-07/,
  );
  expect(text).toContain('y 4 más');
});

test('a field that was never generated is told', () => {
  const coverage = { ...report.coverage, reached: 7, missing: ['DetalleAcusedeRecibo/Estado'] };
  const text = reportText([{ ...report, coverage }], 1);
  expect(text).toContain('sin probar DetalleAcusedeRecibo/Estado');
  expect(text).toContain('Hay diferencias');
});

test('report and page tell every documented difference', () => {
  for (const { id } of STRICTNESSES) {
    expect(reportText([report], 1)).toContain(id);
    expect(conformancePage()).toContain(id);
  }
});

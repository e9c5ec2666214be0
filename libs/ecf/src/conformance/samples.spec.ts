import { formatTree } from '../catalogue/formats.js';
import { hasErrors } from '../findings/finding.js';
import { validateFormat } from '../validate/format.js';
import { validate } from '../validate/validate.js';
import { parse, read } from '../xml/read.js';
import { serializeAs } from '../xml/serialize.js';
import { Judges } from './judges.js';
import {
  officialXsd,
  officialXsdDir,
  samplesDir,
  samplesIn,
  SAMPLES_VARIABLE,
} from './official.js';

const xsdDir = officialXsdDir();
const dir = samplesDir();
const samples = dir === undefined ? [] : samplesIn(dir);
if (dir === undefined) {
  process.stderr.write(`skipped: sample documents (${SAMPLES_VARIABLE} names no such folder)\n`);
}

/** The document as it was before signing. */
const unsigned = (xml: string): string =>
  xml.replace(/^<\?xml[^>]*\?>\s*/, '').replace(/<Signature[\s\S]*<\/Signature>/, '');

(dir === undefined ? describe.skip : describe)('samples', () => {
  const cases = samples.map(({ name, xml }) => [name, xml] as const);

  test.each(cases)('%s gets the verdict it should, from all', (name, xml) => {
    const { format, document, findings, signed } = read(xml);
    const expected = !/^bad-.*-empty-tag|sin-firmar/.test(name);
    const structure = [...findings, ...validateFormat(format, document)];
    expect(!hasErrors(structure) && (signed || formatTree(format).signature === 0)).toBe(expected);
    const judges = new Judges(format, xsdDir && officialXsd(xsdDir, format));
    const { official, schema, validator } = judges.verdicts(xml);
    judges.dispose();
    expect({ official: official ?? expected, schema, validator }).toEqual({
      official: expected,
      schema: expected,
      validator: expected,
    });
  });

  test.each(cases.filter(([name]) => !/^bad-|^[A-Z]/.test(name)))(
    '%s breaks no rule',
    (_name, xml) => {
      expect(validate(parse(xml))).toEqual([]);
    },
  );

  // Namespace declarations and white space between elements are not ours to write.
  test.each(cases.filter(([name]) => !/^variant|-ns|Semilla/.test(name)))(
    '%s is written again byte for byte',
    (_name, xml) => {
      const { format, document } = read(xml);
      expect(serializeAs(format, document)).toBe(unsigned(xml));
    },
  );
});

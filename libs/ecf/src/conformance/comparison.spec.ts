import { xsdFor } from '../xml/xsd.js';
import { Comparison } from './comparison.js';
import { descendants, generate, type XmlNode } from './generate.js';
import { Random } from './random.js';

/** The comparison itself must find what it looks for. */
const receipt = (): XmlNode => generate('ARECF', new Random(1));

function withText(root: XmlNode, name: string, text: string): XmlNode {
  const one = descendants(root).find((element) => element.name === name);
  if (!one) throw new Error(`no ${name}`);
  one.text = text;
  return root;
}

/** The official schema's part, played by ours with something changed. */
const changed = (from: string, to: string): string => {
  const xsd = xsdFor('ARECF').replace(from, to);
  expect(xsd).not.toBe(xsdFor('ARECF'));
  return xsd;
};

test('equal schemas have no differences', () => {
  const comparison = new Comparison('ARECF', xsdFor('ARECF'));
  expect(comparison.valid(receipt(), 'x')).toBe(true);
  expect(comparison.document(withText(receipt(), 'Estado', '9'), 'x')).toBe(false);
  expect(comparison.unexplained).toBe(0);
  comparison.dispose();
});

test('a code that only the official schema has is told', () => {
  const more = changed('<xs:enumeration value="0"/>', '$&<xs:enumeration value="9"/>');
  const comparison = new Comparison('ARECF', more);
  comparison.document(withText(receipt(), 'Estado', '9'), 'another state');
  expect(comparison.differences).toMatchObject([
    { what: 'another state', verdicts: { official: true, schema: false, validator: false } },
  ]);
  comparison.dispose();
});

test('a stricter official schema is told', () => {
  const comparison = new Comparison('ARECF', changed('value="0"', 'value="7"'));
  expect(comparison.valid(withText(receipt(), 'Estado', '0'), 'x')).toBe(false);
  expect(comparison.unexplained).toBe(1);
  comparison.dispose();
});

test('what all refuse is told where it should pass', () => {
  const comparison = new Comparison('ARECF', undefined);
  comparison.valid(withText(receipt(), 'Estado', '9'), 'x');
  expect(comparison.unexplained).toBe(1);
  comparison.dispose();
});

test('a documented difference is counted, and hides no other', () => {
  const loose = changed('<xs:enumeration value="0"/>', '$&<xs:enumeration value="9"/>');
  const comparison = new Comparison('ARECF', loose);
  const impossible = withText(receipt(), 'FechaHoraAcuseRecibo', '31-02-2026 10:00:00');
  comparison.document(impossible, 'x');
  expect([...comparison.strictnesses]).toEqual([['fecha-inexistente', 1]]);
  comparison.document(withText(impossible, 'Estado', '9'), 'x');
  expect(comparison.unexplained).toBe(1);
  comparison.dispose();
});

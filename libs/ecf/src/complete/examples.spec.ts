import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { TIPOS_ECF, type TipoEcf } from '../catalogue/formats.js';
import { hasErrors } from '../findings/finding.js';
import { isRfceRoute, toRfce } from '../rules/rfce.js';
import { completed } from '../testing/builders.js';
import type { Tree } from '../model/tree.js';
import { validateFormat } from '../validate/format.js';
import { validate } from '../validate/validate.js';
import { parse } from '../xml/read.js';
import { serialize, serializeRfce } from '../xml/serialize.js';
import { xsdFor } from '../xml/xsd.js';

const root = fileURLToPath(new URL('../../examples', import.meta.url));
const update = process.env['UPDATE_GOLDEN'] === '1';

const cases = TIPOS_ECF.flatMap((tipo) =>
  readdirSync(join(root, tipo))
    .filter((file) => file.endsWith('.json'))
    .map((file) => [`${tipo}/${file.slice(0, -5)}`, tipo] as const),
);

function golden(name: string, text: string): void {
  const path = join(root, `${name}.xml`);
  if (update) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

function passesSchema(tipo: TipoEcf | 'RFCE', xml: string): void {
  const signed = xml.replace(/<\/\w+>$/, (end) => `<Signature/>${end}`);
  const schema = XsdValidator.fromDoc(XmlDocument.fromString(xsdFor(tipo)));
  const document = XmlDocument.fromString(signed);
  expect(() => schema.validate(document)).not.toThrow();
  document.dispose();
}

test.each(cases)('%s', (name, tipo) => {
  const body = JSON.parse(readFileSync(join(root, `${name}.json`), 'utf8')) as { ECF: Tree };
  const { document, findings } = completed(body.ECF);
  expect(hasErrors([...findings, ...validate(document)])).toBe(false);
  const xml = serialize(document);
  golden(name, xml);
  passesSchema(tipo, xml);
  expect(parse(xml)).toEqual(document);
  if (isRfceRoute(document)) {
    const rfce = toRfce(document, 'aB3/x+');
    expect(validateFormat('RFCE', rfce)).toEqual([]);
    golden(`${name}.rfce`, serializeRfce(rfce));
    passesSchema('RFCE', serializeRfce(rfce));
  }
});

test('every type has an example', () => {
  expect(new Set(cases.map(([, tipo]) => tipo))).toEqual(new Set(TIPOS_ECF));
});

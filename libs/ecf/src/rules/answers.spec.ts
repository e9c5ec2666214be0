import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import type { Format } from '../catalogue/formats.js';
import { completed, NOW, request } from '../testing/builders.js';
import { validateFormat } from '../validate/format.js';
import { serializeAs } from '../xml/serialize.js';
import { xsdFor } from '../xml/xsd.js';
import { acecf, anecf, arecf } from './answers.js';

function expectValid(format: Format, document: object): void {
  expect(validateFormat(format, document)).toEqual([]);
  const xml = serializeAs(format, document).replace(/<\/\w+>$/, (end) => `<Signature/>${end}`);
  const schema = XsdValidator.fromDoc(XmlDocument.fromString(xsdFor(format)));
  expect(() => schema.validate(XmlDocument.fromString(xml))).not.toThrow();
}

const PARTIES = { rncEmisor: '131880738', rncComprador: '00113918205', encf: 'E310000000001' };

test('a receipt, and a refusal with its reason', () => {
  const received = arecf({ ...PARTIES, now: NOW });
  expectValid('ARECF', received);
  expect(received.DetalleAcusedeRecibo).toMatchObject({ Estado: '0', RNCComprador: '00113918205' });
  expect(received.DetalleAcusedeRecibo).not.toHaveProperty('CodigoMotivoNoRecibido');
  const refused = arecf({ ...PARTIES, refusal: 'duplicate', now: NOW });
  expectValid('ARECF', refused);
  expect(refused.DetalleAcusedeRecibo).toMatchObject({ Estado: '1', CodigoMotivoNoRecibido: '3' });
});

test('an approval repeats the document, its amount with two decimals', () => {
  const { document } = completed(request('31'));
  document.Encabezado.Totales.MontoTotal = '1180';
  expectValid('ACECF', acecf(document, NOW));
  expect(acecf(document, NOW).DetalleAprobacionComercial.MontoTotal).toBe('1180.00');
  const refused = acecf(document, NOW, 'No es nuestra compra');
  expectValid('ACECF', refused);
  expect(refused.DetalleAprobacionComercial.Estado).toBe('2');
});

/** The example of Formato Anulación (May 2022). */
test('voided ranges are counted per type and in all', () => {
  const document = anecf(
    '131880738',
    [
      { tipo: '31', first: 1n, last: 1n },
      { tipo: '31', first: 5n, last: 50n },
      { tipo: '44', first: 10n, last: 46n },
    ],
    NOW,
  );
  expectValid('ANECF', document);
  expect(document.Encabezado.CantidadeNCFAnulados).toBe('84');
  const entries = document.DetalleAnulacion.Anulacion;
  expect(entries.map((entry) => entry.CantidadeNCFAnulados)).toEqual(['47', '37']);
  expect(entries[0]?.TablaRangoSecuenciasAnuladaseNCF.Secuencias[1]).toEqual({
    SecuenciaeNCFDesde: 'E310000000005',
    SecuenciaeNCFHasta: 'E310000000050',
  });
  const backwards = [{ tipo: '31', first: 2n, last: 1n }] as const;
  expect(() => anecf('131880738', backwards, NOW)).toThrow(RangeError);
});

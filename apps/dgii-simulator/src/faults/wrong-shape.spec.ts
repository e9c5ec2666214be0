import { dataAnswer, htmlAnswer, textAnswer, xmlAnswer, JsonNumber } from '../http/answer.js';
import { wronglyShaped } from './wrong-shape.js';

const value = { codigo: '1', ok: true, monto: new JsonNumber('10.50'), mensajes: [{ valor: 'x' }] };
const json = dataAnswer(value, { wantsXml: false });
const xml = dataAnswer(value, { wantsXml: true, root: 'Respuesta' });

it.each([
  ['array', '[{"codigo":"1","ok":true,"monto":10.50,"mensajes":[{"valor":"x"}]}]'],
  [
    'renamed',
    '{"campocodigo":"1","campook":true,"campomonto":10.50,"campomensajes":[{"campovalor":"x"}]}',
  ],
  ['retyped', '{"codigo":-2,"ok":"x","monto":"x","mensajes":[{"valor":-2}]}'],
  ['nested', '{"data":{"codigo":"1","ok":true,"monto":10.50,"mensajes":[{"valor":"x"}]}}'],
] as const)('%s: JSON', (shape, body) => {
  expect(wronglyShaped(json, shape)).toMatchObject({ status: 200, body });
});

it.each([
  ['renamed', /<Respuesta><campocodigo>1</],
  ['retyped', /<codigo>-2</],
  ['nested', /<Respuesta><data><codigo>1</],
] as const)('%s: the XML of a service', (shape, body) => {
  expect(wronglyShaped(xml, shape).body).toMatch(body);
});

it.each([
  ['array', '<Lista><A><b>text</b></A></Lista>'],
  ['renamed', '<?xml version="1.0"?><campoA><campob>text</campob></campoA>'],
  ['retyped', '<?xml version="1.0"?><A><b>-4</b></A>'],
  ['nested', '<data><A><b>text</b></A></data>'],
] as const)('%s: markup', (shape, body) => {
  const markup = xmlAnswer('<?xml version="1.0"?><A><b>text</b></A>');
  expect(wronglyShaped(markup, shape).body).toBe(body);
});

it('reshapes pages, bare texts, lists and answers without content, too', () => {
  expect(wronglyShaped(htmlAnswer(200, 'T'), 'nested').body).toMatch(/^<data><html/);
  expect(wronglyShaped(textAnswer(400, 'razón'), 'nested').body).toBe('{"data":"razón"}');
  expect(wronglyShaped(textAnswer(200, '')).body).toBe('{"campo":null}');
  expect(wronglyShaped(dataAnswer([], { wantsXml: false }), 'array').body).toBe('[[]]');
});

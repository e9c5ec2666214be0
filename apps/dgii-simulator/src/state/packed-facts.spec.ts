import { packFacts, unpackFacts } from './packed-facts.js';
import type { DocumentFacts } from './verdict.js';

const plain: DocumentFacts = {
  tipo: '31',
  route: 'ecf',
  montoTotal: '1180.00',
  totalItbis: '180.00',
  fechaEmision: '15-06-2026',
  fechaFirma: null,
  rncComprador: null,
  idExtranjero: 'P-1',
  codigoSeguridad: 'a+/B1z',
  razonSocialEmisor: 'Peña «El Níspero», SRL',
  razonSocialComprador: '学校',
};

test.each<[string, DocumentFacts]>([
  ['an invoice', plain],
  ['a note', { ...plain, modifica: { rnc: '131880738', encf: 'E310000000001', codigo: '3' } }],
  ['a summary', { ...plain, route: 'rfce', resumen: { 'MontoImpuesto (002)': '1.00' } }],
])('%s comes back as it was', (_, facts) => {
  expect(unpackFacts(packFacts(facts))).toStrictEqual(facts);
});

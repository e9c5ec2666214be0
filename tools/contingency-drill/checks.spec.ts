import type { DocumentResource } from '@getupnet/contracts';
import { arrivalFaults } from './checks.js';
import type { Upload } from './drill-api.js';

const document = (encf: string) => ({ encf }) as DocumentResource;
const upload = (seq: number, encf: string, more: Partial<Upload> = {}): Upload => ({
  ...{ seq, service: encf.startsWith('E32') ? 'recepcionfc' : 'recepcion', rnc: '1', encf },
  ...{ processed: true, codigo: '1', ...more },
});

describe('arrivalFaults', () => {
  const documents = ['E310000000001', 'E310000000002', 'E320000000001'].map(document);
  const good = [upload(1, 'E310000000001'), upload(2, 'E320000000001'), upload(3, 'E310000000002')];

  it('finds nothing where each arrived once, in its order', () => {
    expect(arrivalFaults(good, documents, documents)).toEqual([]);
  });

  it.each<[string, Upload[], RegExp]>([
    [
      'another order',
      [upload(1, 'E310000000002'), upload(2, 'E310000000001'), upload(3, 'E320000000001')],
      /otro orden/,
    ],
    [
      'one sent twice',
      [...good, upload(4, 'E310000000002', { processed: false, codigo: null })],
      /dos veces/,
    ],
    ['one that never arrived', good.slice(0, 2), /E310000000002 fue aceptado 0 veces/],
    ['one accepted twice', [...good, upload(4, 'E310000000002')], /aceptado 2 veces/],
  ])('tells %s', (_, uploads, fault) => {
    expect(arrivalFaults(uploads, documents, documents).join('; ')).toMatch(fault);
  });

  it('what was in doubt before the outage was noticed may come later than the others', () => {
    const [first, ...marked] = documents;
    const uploads = [upload(0, 'E310000000001', { processed: false, codigo: null })]
      .concat(good.slice(1))
      .concat(upload(9, 'E310000000001'));
    expect(first).toBeDefined();
    expect(arrivalFaults(uploads, marked, documents)).toEqual([]);
  });
});

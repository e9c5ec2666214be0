import type { EcfDocument } from '@getupnet/ecf';
import { testSigner, type SignedFile } from '../testing/client.js';
import { Court } from '../testing/court.js';
import { ISSUER, ecf, signedEcf } from '../testing/documents.js';
import { FullInvoiceJudge, type FullInvoiceVerdict } from './full-invoice.js';

const CLOSED = '130862346';
let court: Court;
let portal: FullInvoiceJudge;

beforeAll(() => {
  court = new Court(
    { environments: { certecf: { delegates: { [CLOSED]: ['00200000002'] } } } },
    'certecf',
  );
  const { settings, reader, store } = court;
  portal = new FullInvoiceJudge({ environment: 'certecf', settings, reader, store });
});
afterAll(() => court.close());

const invoice = (change?: (document: EcfDocument) => void): EcfDocument =>
  ecf({ encf: court.next('32'), price: '500.00', ...(change === undefined ? {} : { change }) });

const told = ({ xml }: SignedFile, rnc = ISSUER): FullInvoiceVerdict =>
  portal.judge(Buffer.from(xml), rnc);

const refused = (text: string): object => ({
  verdict: { codigo: '2', mensajes: [{ valor: expect.stringContaining(text) }] },
});

describe('full invoice after its summary', () => {
  it('is accepted when it is the one the summary was made of', async () => {
    const document = invoice();
    await court.rfce(document);
    expect(told(await signedEcf(document, court.signer))).toMatchObject({
      encf: document.Encabezado.IdDoc.eNCF,
      verdict: { codigo: '1' },
    });
  });

  it('is refused without an accepted summary', async () => {
    const document = invoice();
    const file = await signedEcf(document, court.signer);
    expect(told(file)).toMatchObject(refused('No se encontró un resumen'));
    const wrong = invoice((e) => (e.Encabezado.Emisor.RNCEmisor = CLOSED));
    expect((await court.rfce(wrong)).verdict.codigo).toBe('2');
    expect(told(await signedEcf(wrong, court.signer), CLOSED)).toMatchObject(refused('delegado'));
  });

  it('is refused when it was signed differently, by the code alone', async () => {
    const document = invoice();
    await court.rfce(document);
    const again = testSigner();
    expect(told(await signedEcf(document, again))).toMatchObject(refused('CodigoSeguridadeCF'));
  });

  it('is refused when an amount, a date or the buyer differ', async () => {
    const document = invoice();
    await court.rfce(document);
    const other = structuredClone(document);
    other.Encabezado.Totales = { MontoExento: '500.01', MontoTotal: '500.01' };
    other.Encabezado.Emisor.FechaEmision = '01-01-2020';
    other.Encabezado.Comprador = { RNCComprador: ISSUER };
    const { verdict } = told(await signedEcf(other, court.signer));
    expect(verdict.mensajes.map(({ valor }) => / campo (\S+) de/.exec(valor)?.[1])).toEqual([
      'CodigoSeguridadeCF',
      'FechaEmision',
      'RNCComprador',
      'MontoExento',
      'MontoTotal',
    ]);
  });

  it('takes amounts that are written otherwise, and the content still counts', async () => {
    const short = invoice((e) => {
      e.Encabezado.Totales = { MontoExento: '500', MontoTotal: '500.0' };
    });
    await court.rfce(short);
    expect(told(await signedEcf(short, court.signer))).toMatchObject({ verdict: { codigo: '1' } });
    const untabled = invoice((e) => {
      for (const item of e.DetallesItems.Item) item.DescuentoMonto = '1.00';
    });
    await court.rfce(untabled);
    expect(told(await signedEcf(untabled, court.signer))).toMatchObject({
      verdict: { codigo: '2', mensajes: [{ codigo: '2020' }] },
    });
  });

  it('wants an e-CF, its schema, its signature, its issuer and its route', async () => {
    const document = invoice();
    await court.rfce(document);
    const file = await signedEcf(document, court.signer);
    const bent = (from: string, to: string): SignedFile => ({
      ...file,
      xml: file.xml.replace(from, to),
    });
    expect(told({ ...file, xml: 'no' })).toMatchObject(refused('no es un XML'));
    expect(told(bent('<TipoPago>1<', '<TipoPago>9<'))).toMatchObject(refused('esquema'));
    expect(told(bent('CALLE 1', 'CALLE 2'))).toMatchObject(refused('firma'));
    expect(told(file, '131880681')).toMatchObject(refused('no es el del contribuyente'));
    const large = await signedEcf(ecf({ encf: 'E320000009999', price: '250000.00' }), court.signer);
    expect(told(large)).toMatchObject(refused('no es de consumo menor'));
  });
});

import type { EcfDocument } from '@getupnet/ecf';
import { anyCertificate, type Signer } from '@getupnet/xmldsig';
import type { Judged } from './judge.js';
import { ForcedVerdicts } from '../faults/forced-verdicts.js';
import { resolveSettings } from '../options.js';
import { DocumentStore } from '../state/document-store.js';
import { testSigner, type SignedFile } from '../testing/client.js';
import { ISSUER, ecf, signedEcf, signedRfce } from '../testing/documents.js';
import { DocumentJudge } from './document-judge.js';
import { FullInvoiceJudge, type FullInvoiceVerdict } from './full-invoice.js';
import { SignedReader } from './signed-reader.js';

const CLOSED = '130862346';
const settings = resolveSettings({
  environments: { certecf: { delegates: { [CLOSED]: ['00200000002'] } } },
});
const trust = { testecf: anyCertificate, certecf: anyCertificate, ecf: anyCertificate };
const reader = new SignedReader(trust);
const store = new DocumentStore();
const judge = new DocumentJudge({ settings, reader, store, forced: new ForcedVerdicts() });
const portal = new FullInvoiceJudge({ environment: 'certecf', settings, reader, store });
let signer: Signer;
let last = 0;

beforeAll(() => {
  signer = testSigner();
});
afterAll(() => reader.dispose());

const invoice = (change?: (document: EcfDocument) => void): EcfDocument => {
  const encf = `E32${String((last += 1)).padStart(10, '0')}`;
  return ecf({ encf, price: '500.00', ...(change === undefined ? {} : { change }) });
};

/** The summary of a document, judged and recorded as reception does. */
async function summarise(document: EcfDocument): Promise<Judged> {
  const file = await signedRfce(document, signer);
  const now = settings.clock.now();
  const atMs = now.getTime();
  const judged = judge.rfce(
    { environment: 'certecf', now, visibleAtMs: atMs },
    { fileName: file.name, bytes: Buffer.from(file.xml), sha256: '' },
  );
  if (judged === undefined) throw new Error('no summary');
  const { rnc, encf, verdict, facts } = judged;
  store.record(
    {
      environment: 'certecf',
      rnc,
      encf,
      trackId: null,
      verdict,
      receivedAtMs: atMs,
      visibleAtMs: atMs,
      pendingPolls: 0,
    },
    facts,
  );
  return judged;
}

const told = ({ xml }: SignedFile, rnc = ISSUER): FullInvoiceVerdict =>
  portal.judge(Buffer.from(xml), rnc);

const refused = (text: string): object => ({
  verdict: { codigo: '2', mensajes: [{ valor: expect.stringContaining(text) }] },
});

describe('full invoice after its summary', () => {
  it('is accepted when it is the one the summary was made of', async () => {
    const document = invoice();
    await summarise(document);
    expect(told(await signedEcf(document, signer))).toMatchObject({
      encf: document.Encabezado.IdDoc.eNCF,
      verdict: { codigo: '1' },
    });
  });

  it('is refused without an accepted summary', async () => {
    const document = invoice();
    const file = await signedEcf(document, signer);
    expect(told(file)).toMatchObject(refused('No se encontró un resumen'));
    const wrong = invoice((e) => (e.Encabezado.Emisor.RNCEmisor = CLOSED));
    expect((await summarise(wrong)).verdict.codigo).toBe('2');
    expect(told(await signedEcf(wrong, signer), CLOSED)).toMatchObject(refused('delegado'));
  });

  it('is refused when it was signed differently, by the code alone', async () => {
    const document = invoice();
    await summarise(document);
    const again = testSigner();
    expect(told(await signedEcf(document, again))).toMatchObject(refused('CodigoSeguridadeCF'));
  });

  it('is refused when an amount, a date or the buyer differ', async () => {
    const document = invoice();
    await summarise(document);
    const other = structuredClone(document);
    other.Encabezado.Totales = { MontoExento: '500.01', MontoTotal: '500.01' };
    other.Encabezado.Emisor.FechaEmision = '01-01-2020';
    other.Encabezado.Comprador = { RNCComprador: ISSUER };
    const { verdict } = told(await signedEcf(other, signer));
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
    await summarise(short);
    expect(told(await signedEcf(short, signer))).toMatchObject({ verdict: { codigo: '1' } });
    const untabled = invoice((e) => {
      for (const item of e.DetallesItems.Item) item.DescuentoMonto = '1.00';
    });
    await summarise(untabled);
    expect(told(await signedEcf(untabled, signer))).toMatchObject({
      verdict: { codigo: '2', mensajes: [{ codigo: '2020' }] },
    });
  });

  it('wants an e-CF, its schema, its signature, its issuer and its route', async () => {
    const document = invoice();
    await summarise(document);
    const file = await signedEcf(document, signer);
    const bent = (from: string, to: string): SignedFile => ({
      ...file,
      xml: file.xml.replace(from, to),
    });
    expect(told({ ...file, xml: 'no' })).toMatchObject(refused('no es un XML'));
    expect(told(bent('<TipoPago>1<', '<TipoPago>9<'))).toMatchObject(refused('esquema'));
    expect(told(bent('CALLE 1', 'CALLE 2'))).toMatchObject(refused('firma'));
    expect(told(file, '131880681')).toMatchObject(refused('no es el del contribuyente'));
    const large = await signedEcf(ecf({ encf: 'E320000009999', price: '250000.00' }), signer);
    expect(told(large)).toMatchObject(refused('no es de consumo menor'));
  });
});

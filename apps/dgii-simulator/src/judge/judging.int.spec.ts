import type { EcfDocument } from '@getupnet/ecf';
import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { ISSUER, ecf, note, signedEcf, signedRfce } from '../testing/documents.js';

let signer: Signer;
let simulator: Simulator;
let client: TestClient;
let production: TestClient;
let last = 0;

const INACTIVE = '130862346';

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({
    trust: 'any',
    validationDelayMs: 0,
    environments: {
      testecf: { inactiveIssuers: [INACTIVE], delegates: { '533445861': ['00200000002'] } },
      ecf: { sequences: { '31': { first: 1, last: 5 } } },
    },
  });
  client = new TestClient(simulator.url);
  production = new TestClient(simulator.url, 'ecf');
  await Promise.all([client.authenticate(signer), production.authenticate(signer)]);
});
afterAll(() => simulator.close());

const next = (tipo: string): string => `E${tipo}${String((last += 1)).padStart(10, '0')}`;

interface Result {
  readonly codigo: string;
  readonly secuenciaUtilizada: boolean;
  readonly mensajes: readonly { readonly codigo: number; readonly valor: string }[];
}

async function resultOf(file: SignedFile, who = client): Promise<Result> {
  const sent = (await (await who.sendEcf(file)).json()) as { trackId: string };
  return (await (await who.result(sent.trackId)).json()) as Result;
}

async function judged(document: EcfDocument, who = client): Promise<Result> {
  return resultOf(await signedEcf(document, signer), who);
}

const rejected = (secuenciaUtilizada: boolean, codigo = 0): object => ({
  codigo: '2',
  secuenciaUtilizada,
  mensajes: [expect.objectContaining({ codigo })],
});
const ACCEPTED = { codigo: '1', secuenciaUtilizada: true };

describe('form and signature', () => {
  it('rejects what the schema refuses and frees the number', async () => {
    const document = ecf({ encf: next('31') });
    const file = await signedEcf(document, signer);
    const empty = file.xml.replace('<DireccionEmisor>', '<NombreComercial></NombreComercial>$&');
    const bad = file.xml.replace('<TipoPago>1<', '<TipoPago>9<');
    expect(await resultOf({ ...file, xml: bad })).toMatchObject(rejected(false));
    expect((await resultOf({ ...file, xml: empty })).codigo).toBe('2');
    expect(await resultOf(file)).toMatchObject(ACCEPTED);
  });

  it('rejects an altered amount and frees the number', async () => {
    const file = await signedEcf(ecf({ encf: next('31') }), signer);
    const altered = { ...file, xml: file.xml.replaceAll('1000.00', '1001.00') };
    expect(await resultOf(altered)).toMatchObject(rejected(false));
    expect(await resultOf(file)).toMatchObject(ACCEPTED);
  });

  it('rejects an expired certificate', async () => {
    const expired = testSigner({
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    const file = await signedEcf(ecf({ encf: next('31') }), expired);
    expect(await resultOf(file)).toMatchObject({
      codigo: '2',
      mensajes: [{ valor: 'El certificado utilizado en la firma no es válido.' }],
    });
  });
});

describe('signer and number', () => {
  it('wants a delegate of the issuer, and an active issuer', async () => {
    const of = (rnc: string): EcfDocument =>
      ecf({ encf: next('31'), change: (e) => (e.Encabezado.Emisor.RNCEmisor = rnc) });
    expect(await judged(of('533445861'))).toMatchObject(rejected(false));
    expect(await judged(of(INACTIVE))).toMatchObject(rejected(false));
  });

  it.each([
    ['beyond the last', 'E310010000001'],
    ['zero', 'E310000000000'],
  ])('rejects a number %s and frees it', async (_name, encf) => {
    expect(await judged(ecf({ encf }))).toMatchObject(rejected(false));
  });

  it('follows the configured sequence of an environment', async () => {
    expect(await judged(ecf({ encf: 'E310000000005' }), production)).toMatchObject(ACCEPTED);
    expect(await judged(ecf({ encf: 'E310000000006' }), production)).toMatchObject(rejected(false));
  });

  it('wants the authorised expiry', async () => {
    const document = ecf({
      encf: next('31'),
      change: (e) => (e.Encabezado.IdDoc.FechaVencimientoSecuencia = '31-12-2027'),
    });
    expect(await judged(document)).toMatchObject(rejected(false));
  });

  it('rejects a signature dated after now, which burns the number', async () => {
    const encf = next('31');
    const tomorrow = new Date(Date.now() + 86_400_000);
    expect(await judged(ecf({ encf, now: tomorrow }))).toMatchObject(rejected(true));
    expect(await judged(ecf({ encf }))).toMatchObject(rejected(true, 1209));
  });

  it('answers 1209 to a number that is used and keeps the first document', async () => {
    const document = ecf({ encf: next('31'), price: '10.00' });
    const file = await signedEcf(document, signer);
    expect(await resultOf(file)).toMatchObject(ACCEPTED);
    expect(await resultOf(file)).toMatchObject(rejected(true, 1209));
    const { eNCF: encf } = document.Encabezado.IdDoc;
    const tracks = await client.get('consultatrackids/api/trackids/consulta', {
      rncemisor: ISSUER,
      encf,
    });
    expect(await tracks.json()).toMatchObject([{ estado: 'Aceptado' }, { estado: 'Rechazado' }]);
    const state = await client.get('consultaestado/api/consultas/estado', {
      rncemisor: ISSUER,
      ncfelectronico: encf,
    });
    expect(await state.json()).toMatchObject({ codigo: 1, estado: 'Aceptado' });
  });
});

describe('content', () => {
  const lines = (count: number, change: (e: EcfDocument) => void = () => undefined): EcfDocument =>
    ecf({
      encf: next('31'),
      change: (e) => {
        const [item] = e.DetallesItems.Item;
        if (item === undefined) throw new Error('a document has a line');
        e.DetallesItems.Item = Array.from({ length: count }, (_, index) => ({
          ...item,
          NumeroLinea: String(index + 1),
        }));
        const total = `${1000 * count}.00`;
        e.Encabezado.Totales = { MontoExento: total, MontoTotal: total };
        change(e);
      },
    });
  const withLine = (montoItem: string): EcfDocument =>
    lines(2, (e) => {
      const [item] = e.DetallesItems.Item;
      if (item !== undefined) item.MontoItem = montoItem;
    });
  const withTotal = (montoTotal: string): EcfDocument =>
    lines(2, (e) => (e.Encabezado.Totales.MontoTotal = montoTotal));

  it('bears one peso a line and the number of lines in the totals', async () => {
    expect(await judged(withLine('1001.00'))).toMatchObject(ACCEPTED);
    expect(await judged(withTotal('2002.00'))).toMatchObject(ACCEPTED);
    expect(await judged(withTotal('1998.00'))).toMatchObject(ACCEPTED);
  });

  it('accepts conditionally beyond it', async () => {
    const line = await judged(withLine('1001.01'));
    expect(line).toMatchObject({ codigo: '4', secuenciaUtilizada: true });
    expect(line.mensajes).toContainEqual({
      codigo: 0,
      valor: 'El campo MontoItem de la sección DetallesItems de la línea 1 no es válido.',
    });
    expect(await judged(withTotal('2002.01'))).toMatchObject({
      codigo: '4',
      mensajes: [{ valor: 'El campo MontoTotal de la sección Totales no es válido.' }],
    });
  });

  it('rejects a discount without its table with 2020, which burns the number', async () => {
    const document = lines(1, (e) => {
      const [item] = e.DetallesItems.Item;
      if (item === undefined) return;
      item.DescuentoMonto = '100.00';
      item.MontoItem = '900.00';
      e.Encabezado.Totales = { MontoExento: '900.00', MontoTotal: '900.00' };
    });
    expect(await judged(document)).toMatchObject(rejected(true, 2020));
  });
});

describe('notes', () => {
  it('rejects a note before its invoice with 614, and accepts it afterwards', async () => {
    const invoice = next('31');
    expect(await judged(note(next('34'), invoice))).toMatchObject(rejected(true, 614));
    await judged(ecf({ encf: invoice }));
    expect(await judged(note(next('34'), invoice))).toMatchObject(ACCEPTED);
  });

  it('rejects a note over a rejected invoice, or one that is still En Proceso', async () => {
    const [refused, slow] = [next('31'), next('31')];
    simulator.control.forceVerdict({ encf: refused, codigo: '2' });
    await judged(ecf({ encf: refused }));
    expect(await judged(note(next('34'), refused))).toMatchObject(rejected(true, 614));
    simulator.control.addFault({ kind: 'en-proceso', encf: slow, polls: 2, times: 1 });
    expect(await judged(ecf({ encf: slow }))).toMatchObject({ codigo: '3', mensajes: [] });
    expect(await judged(note(next('34'), slow))).toMatchObject(rejected(true, 614));
  });

  it('does not look up series B or another taxpayer', async () => {
    expect(await judged(note(next('34'), 'B0100000001'))).toMatchObject(ACCEPTED);
    const foreign = note(next('34'), 'E310000009999', {
      change: (e) => {
        const { Encabezado } = e;
        e.InformacionReferencia = {
          NCFModificado: 'E310000009999',
          RNCOtroContribuyente: '130862346',
          FechaNCFModificado: Encabezado.Emisor.FechaEmision,
          CodigoModificacion: '1',
        };
      },
    });
    expect(await judged(foreign)).toMatchObject(ACCEPTED);
  });
});

describe('consumption invoices', () => {
  const send = async (document: EcfDocument, who = client): Promise<Record<string, unknown>> => {
    const answer = await who.sendRfce(await signedRfce(document, signer));
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, unknown>;
  };

  it('judges a summary at once, in the shape of that service', async () => {
    const encf = next('32');
    expect(await send(ecf({ encf, price: '249999.99' }))).toEqual({
      codigo: 1,
      estado: 'Aceptado',
      mensajes: [{ codigo: '0', valor: '' }],
      encf,
      secuenciaUtilizada: true,
    });
    expect(await send(ecf({ encf }))).toMatchObject({
      codigo: 2,
      estado: 'Rechazado',
      mensajes: [{ codigo: '1209' }],
    });
  });

  it('wants each amount on its own route', async () => {
    expect(await send(ecf({ encf: next('32'), price: '250000.00' }))).toMatchObject({ codigo: 2 });
    expect(await judged(ecf({ encf: next('32'), price: '249999.99' }))).toMatchObject({
      codigo: '2',
    });
    expect(await judged(ecf({ encf: next('32'), price: '250000.00' }))).toMatchObject(ACCEPTED);
  });

  it('wants the buyer of a large one', async () => {
    const change = (e: EcfDocument): void => {
      delete e.Encabezado.Comprador;
    };
    const document = ecf({ encf: next('32'), price: '250000.00', change });
    expect((await judged(document)).codigo).toBe('2');
  });

  it('accepts conditionally when the sums of a summary are off', async () => {
    const change = (e: EcfDocument): void => {
      e.Encabezado.Totales.MontoTotal = '1001.01';
    };
    expect(await send(ecf({ encf: next('32'), change }))).toMatchObject({
      codigo: 4,
      estado: 'Aceptado Condicional',
      secuenciaUtilizada: true,
    });
  });

  it('finds a summary by its code in production, and as stamp', async () => {
    const document = ecf({ encf: next('32') });
    const file = await signedRfce(document, signer);
    const code = /<CodigoSeguridadeCF>(.{6})</.exec(file.xml)?.[1] ?? '';
    await production.sendRfce(file);
    const { eNCF: encf } = document.Encabezado.IdDoc;
    const ask = async (given: string): Promise<unknown> =>
      (
        await production.get(
          'ConsultaRFCE/api/Consultas/Consulta',
          { RNC_Emisor: ISSUER, ENCF: encf, Cod_Seguridad_eCF: given },
          'fc',
        )
      ).json();
    expect(await ask(code)).toEqual({
      rnc: ISSUER,
      encf,
      secuenciaUtilizada: true,
      codigo: '1',
      estado: 'Aceptado',
      mensajes: [{ valor: '', codigo: 0 }],
    });
    expect(await ask('AAAAAA')).toMatchObject({ codigo: '0', estado: 'No encontrado' });
    const query = { RncEmisor: ISSUER, ENCF: encf, MontoTotal: '1000.00', CodigoSeguridad: code };
    const page = await (await production.get('ConsultaTimbreFC', query, 'fc')).text();
    expect(page).toContain('<td>Aceptado</td>');
    expect(page).not.toContain('COMPRADOR');
  });
});

describe('magic values', () => {
  it.each([
    ['999000012', '2', true],
    ['999000022', '2', false],
    ['999000039', '4', true],
  ])('buyer %s forces %s', async (buyer, codigo, secuenciaUtilizada) => {
    const result = await judged(ecf({ encf: next('31'), buyer }));
    expect(result).toMatchObject({ codigo, secuenciaUtilizada });
  });

  it('forces by amount, also of a summary', async () => {
    expect(await judged(ecf({ encf: next('31'), price: '222004.44' }))).toMatchObject({
      codigo: '4',
    });
    const file = await signedRfce(ecf({ encf: next('32'), price: '222002.22' }), signer);
    expect(await (await client.sendRfce(file)).json()).toMatchObject({
      codigo: 2,
      secuenciaUtilizada: false,
    });
  });

  it('buyer 999000047 stays En Proceso for five queries', async () => {
    const file = await signedEcf(ecf({ encf: next('31'), buyer: '999000047' }), signer);
    const { trackId } = (await (await client.sendEcf(file)).json()) as { trackId: string };
    const codes: string[] = [];
    for (let query = 0; query < 6; query += 1) {
      codes.push(((await (await client.result(trackId)).json()) as Result).codigo);
    }
    expect(codes).toEqual(['3', '3', '3', '3', '3', '1']);
  });
});

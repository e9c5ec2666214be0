import { isUuid } from '@getupnet/kernel';
import { issueAuthority, signForeign, type Signer } from '@getupnet/xmldsig';
import { request as httpRequest } from 'node:http';
import { startSimulator, type Simulator } from './index.js';
import { TestClient, testSigner, upload } from './testing/client.js';
import { BUYER, ISSUER, ecf, signedEcf } from './testing/documents.js';

let signer: Signer;
let simulator: Simulator;
let client: TestClient;

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0, seed: 'test' });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());

async function json(answer: Response | Promise<Response>): Promise<Record<string, unknown>> {
  return (await (await answer).json()) as Record<string, unknown>;
}

describe('authentication', () => {
  it('hands out a different semilla every time, in XML whatever is accepted', async () => {
    const [one, two] = [await client.semilla(), await client.semilla()];
    expect(one).toMatch(/^<\?xml.*<SemillaModel xmlns:xsi=.*<valor>.+<\/valor><fecha>.*-04:00</);
    expect(one).not.toBe(two);
  });

  it('gives an HS256 token of one hour with the holder inside', async () => {
    const xml = signForeign(Buffer.from(await client.semilla()), signer).xml;
    const answer = (await json(client.validate(xml))) as Record<string, string>;
    const [header = '', payload = ''] = (answer['token'] ?? '').split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ alg: 'HS256' });
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    expect(claims).toMatchObject({
      iss: 'DGII.FE',
      aud: 'USUARIOS.DGII.FE',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': '00100000001',
    });
    expect(answer['expira']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const lifetime = Date.parse(answer['expira'] ?? '') - Date.parse(answer['expedido'] ?? '');
    expect(lifetime).toBe(3_600_000);
  });

  it('answers XML to who wants XML', async () => {
    const xml = signForeign(Buffer.from(await client.semilla()), signer).xml;
    const text = await (await client.validate(xml, 'application/xml')).text();
    expect(text).toMatch(/<RespuestaAutenticacion><token>.+<\/token><expira>/);
  });

  it('takes a semilla once', async () => {
    const xml = signForeign(Buffer.from(await client.semilla()), signer).xml;
    expect((await client.validate(xml)).status).toBe(200);
    expect((await client.validate(xml)).status).toBe(400);
  });

  it('refuses a semilla that is altered, made up, or signed without a name', async () => {
    const good = signForeign(Buffer.from(await client.semilla()), signer).xml;
    const altered = await client.validate(good.replace('<valor>', '<valor>A'));
    expect(altered.status).toBe(400);
    expect(await altered.json()).toContain('Firma');
    const foreign = (await client.semilla()).replace(/<valor>[^<]*/, '<valor>QUJD');
    const made = await client.validate(signForeign(Buffer.from(foreign), signer).xml);
    expect(made.status).toBe(400);
    const nameless = testSigner({ serialNumber: '' });
    const xml = signForeign(Buffer.from(await client.semilla()), nameless).xml;
    expect((await client.validate(xml)).status).toBe(400);
    expect((await client.validate('not xml')).status).toBe(400);
  });

  it('refuses a missing, damaged or foreign token', async () => {
    const answers = await Promise.all([
      fetch(`${client.path('consultaresultado/api/consultas/estado')}?trackid=x`),
      fetch(`${client.path('consultaresultado/api/consultas/estado')}?trackid=x`, {
        headers: { authorization: `Bearer ${client.token}A` },
      }),
      fetch(`${simulator.url}/ecf/certecf/consultaresultado/api/consultas/estado?trackid=x`, {
        headers: { authorization: `Bearer ${client.token}` },
      }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401]);
  });
});

describe('addresses', () => {
  it('ignores upper and lower case in path and parameters', async () => {
    const answer = await fetch(
      `${simulator.url}/ecf/TesteCF/ConsultaResultado/API/Consultas/Estado?TrackId=unknown`,
      { headers: { authorization: `Bearer ${client.token}` } },
    );
    expect(await answer.json()).toMatchObject({ codigo: '0', estado: 'No encontrado' });
  });

  it('reads several slashes as one', async () => {
    const answer = await fetch(
      `${simulator.url}/fc/eCF//consultarfce/api/Consultas/Consulta?RNC_Emisor=1`,
      { headers: { authorization: `Bearer ${client.token}` } },
    );
    expect(answer.status).not.toBe(404);
  });

  it('knows DGII by Host header too', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(simulator.url);
      const headers = { host: 'ECF.dgii.gov.do' };
      const path = '/TesteCF/Autenticacion/api/autenticacion/semilla';
      httpRequest({ port, host: '127.0.0.1', path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it.each([
    ['ecf/certecf/consultaestado/api/consultas/estado'],
    ['ecf/certecf/consultatrackids/api/trackids/consulta'],
    ['fc/testecf/consultarfce/api/consultas/consulta'],
    ['fc/testecf/recepcion/api/facturaselectronicas'],
    ['ecf/preecf/autenticacion/api/autenticacion/semilla'],
  ])('has nothing at %s', async (path) => {
    const answer = await fetch(`${simulator.url}/${path}`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

describe('upload', () => {
  it('wants a length, the field xml and a file name of the right length', async () => {
    const file = await signedEcf(ecf({ encf: 'E310000000001' }), signer);
    const { type, body } = upload(file);
    const headers = { 'content-type': type, authorization: `Bearer ${client.token}` };
    const target = client.path('recepcion/api/facturaselectronicas');
    const chunked = await fetch(target, {
      method: 'POST',
      headers,
      body: new Blob([body]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(400);
    const misnamed = upload(file, 'file');
    const other = await fetch(target, { method: 'POST', headers, body: misnamed.body });
    expect(other.status).toBe(400);
    expect(await other.json()).toMatchObject({ errors: { xml: [expect.any(String)] } });
    const short = await client.sendEcf({ ...file, name: `${ISSUER}E31000000001.xml` });
    expect(short.status).toBe(400);
    expect(await short.json()).toMatchObject({ mensajes: [{ codigo: '3243' }] });
  });

  it('refuses a byte order mark and what is no e-CF', async () => {
    const file = await signedEcf(ecf({ encf: 'E310000000001' }), signer);
    const marked = await client.sendEcf({ ...file, xml: `\uFEFF${file.xml}` });
    expect(await marked.json()).toMatchObject({ mensajes: [{ codigo: '001' }] });
    const text = await client.sendEcf({ ...file, xml: 'nothing' });
    expect([marked.status, text.status]).toEqual([400, 400]);
    const seed = await client.sendEcf({ ...file, xml: await client.semilla() });
    expect(seed.status).toBe(400);
    expect((await client.sendEcf({ ...file, xml: '<!DOCTYPE x><ECF/>' })).status).toBe(400);
  });
});

describe('queries', () => {
  const encf = 'E310000000100';
  let trackId = '';
  let code = '';

  beforeAll(async () => {
    const file = await signedEcf(ecf({ encf, price: '1500.50' }), signer);
    code = /<SignatureValue>(.{6})/.exec(file.xml)?.[1] ?? '';
    const answer = await json(client.sendEcf(file));
    expect(answer).toEqual({ trackId: expect.any(String), error: null, mensaje: null });
    trackId = String(answer['trackId']);
  });

  it('shows a result the way DGII writes it', async () => {
    expect(isUuid(trackId)).toBe(true);
    expect(await json(client.result(trackId))).toEqual({
      trackId,
      codigo: '1',
      estado: 'Aceptado',
      rnc: ISSUER,
      encf,
      secuenciaUtilizada: true,
      fechaRecepcion: expect.stringMatching(/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/),
      mensajes: [{ valor: '', codigo: 0 }],
    });
  });

  it('shows the state with amounts as numbers, digits kept', async () => {
    const query = { RncEmisor: ISSUER, NcfElectronico: encf, CodigoSeguridad: code };
    const answer = await client.get('consultaestado/api/consultas/estado', query);
    const text = await answer.text();
    expect(text).toContain('"montoTotal":1500.50,');
    expect(JSON.parse(text)).toMatchObject({
      codigo: 1,
      estado: 'Aceptado',
      rncEmisor: ISSUER,
      ncfElectronico: encf,
      rncComprador: BUYER,
      codigoSeguridad: code,
      idExtranjero: null,
    });
  });

  it('does not know a document whose code or buyer differs', async () => {
    const path = 'consultaestado/api/consultas/estado';
    const base = { rncemisor: ISSUER, ncfelectronico: encf };
    const wrong = [{ codigoseguridad: 'AAAAAA' }, { rnccomprador: ISSUER }];
    for (const extra of wrong) {
      const answer = await json(client.get(path, { ...base, ...extra }));
      expect(answer).toMatchObject({ codigo: 0, estado: 'No encontrado' });
    }
    expect((await client.get(path, { rncemisor: '1', ncfelectronico: encf })).status).toBe(400);
  });

  it('lists the trackIds of a number, and says so when there are none', async () => {
    const path = 'consultatrackids/api/trackids/consulta';
    const known = await (await client.get(path, { rncemisor: ISSUER, encf })).json();
    expect(known).toEqual([{ trackId, estado: 'Aceptado', fechaRecepcion: expect.any(String) }]);
    const none = await (
      await client.get(path, { rncemisor: ISSUER, encf: 'E310000000999' })
    ).json();
    expect(none).toEqual([{ trackId: null, estado: 'No encontrado', fechaRecepcion: null }]);
  });

  it('shows the stamp page, escaped, only for what the document says', async () => {
    const { facts } = (await simulator.control.ledger({ trackId }))[0] ?? {};
    const query = {
      RncEmisor: ISSUER,
      RncComprador: BUYER,
      ENCF: encf,
      FechaEmision: facts?.fechaEmision ?? '',
      MontoTotal: '1500.5',
      FechaFirma: facts?.fechaFirma ?? '',
      CodigoSeguridad: code,
    };
    const page = await (await client.get('ConsultaTimbre', query)).text();
    expect(page).toContain('EMISOR &amp; CIA &#34;PRUEBA&#34;');
    expect(page).toContain('COMPRADOR &lt;UNO&gt;');
    expect(page).toContain('<td>Aceptado</td>');
    const other = await client.get('ConsultaTimbre', { ...query, MontoTotal: '1500.51' });
    expect(await other.text()).toContain('No fue encontrada la factura');
  });

  it('tells the state of the services to who has a key', async () => {
    const base = `${simulator.url}/statusecf/api/EstatusServicios`;
    const key = { headers: { authorization: 'Apikey prueba' } };
    expect((await fetch(`${base}/obtenerestatus`)).status).toBe(401);
    const all = (await (await fetch(`${base}/obtenerestatus`, key)).json()) as object[];
    expect(all).toContainEqual({
      servicio: 'Recepción',
      estatus: 'Disponible',
      ambiente: 'PreCertificacion',
    });
    const one = await fetch(`${base}/verificarestado?ambiente=3`, key);
    expect(await one.json()).toEqual({ estado: 'Disponible' });
    expect((await fetch(`${base}/verificarestado?ambiente=9`, key)).status).toBe(400);
    const windows = await fetch(`${base}/obtenerventanasmantenimiento`, key);
    expect(await windows.json()).toEqual({ ventanaMantenimientos: [] });
  });
});

describe('authorities', () => {
  it('accepts only signers of the configured ones', async () => {
    const authority = issueAuthority();
    const strict = await startSimulator({
      environments: { testecf: { trustedAuthorities: [authority.certificatePem] } },
    });
    const visitor = new TestClient(strict.url);
    const attempt = async (who: Signer): Promise<number> =>
      (await visitor.validate(signForeign(Buffer.from(await visitor.semilla()), who).xml)).status;
    const statuses = [await attempt(signer), await attempt(testSigner({ authority }))];
    await strict.close();
    expect(statuses).toEqual([400, 200]);
  });
});

it('cannot take a port that is taken, and closes twice without harm', async () => {
  const port = Number(new URL(simulator.url).port);
  await expect(startSimulator({ trust: 'any', port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  const other = await startSimulator({ trust: 'any' });
  await Promise.all([other.close(), other.close()]);
});

import type { EcfDocument } from '@getupnet/ecf';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, signed, testSigner } from '../testing/client.js';
import { Applicant, COMPANY, FORM, inOrder, text, type Row } from '../testing/applicant.js';
import { PRINTED_KINDS, SIMULATION_GOALS } from './state/steps.data.js';

const PDF = Buffer.from('%PDF-1.7\nno se lee\n%%EOF\n');
const HTML = { origin: '', 'content-type': 'application/x-www-form-urlencoded' };

let simulator: Simulator;
/** Another simulator: its emisor-receptor is the applicant's reception. */
let peer: Simulator;
/** The applicant's reception of approvals. */
let approvals: Server;
let approvalStatus = 200;
let applicant: Applicant;

beforeAll(async () => {
  [simulator, peer] = await Promise.all([
    startSimulator({ trust: 'any', validationDelayMs: 0 }),
    startSimulator({ trust: 'any' }),
  ]);
  approvals = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(approvalStatus).end());
  });
  await new Promise<void>((resolve) => approvals.listen(0, '127.0.0.1', resolve));
  applicant = new Applicant(simulator.url);
});
afterAll(async () => {
  approvals.close();
  await Promise.all([simulator.close(), peer.close()]);
});

const port = (): number => (approvals.address() as AddressInfo).port;

describe('the way through the portal', () => {
  it('begins with a form and its paper, signed by the representative as it is', async () => {
    await applicant.client.authenticate(applicant.signer);
    expect(await applicant.apply({ ...FORM, correo: 'x' })).toMatchObject({ status: 400 });
    expect(await applicant.apply(FORM)).toMatchObject({ status: 201, paso: 1 });
    expect(await applicant.apply(FORM)).toMatchObject({ status: 409 });
    const altered = await applicant.handIn('postulacion', (xml) => xml.replace('1.0</V', '1.1</V'));
    expect(altered.error).toContain('no es el del archivo');
    const stranger = new Applicant(
      simulator.url,
      applicant.rnc,
      testSigner({ holderId: '00100000002' }),
    );
    expect((await stranger.handIn('postulacion')).error).toContain('representante');
    expect((await applicant.upload('postulacion', '<Postulacion/>')).status).toBe(400);
    expect((await applicant.handIn('postulacion')).progreso.paso).toBe(2);
  });

  it('counts own documents in the simulation, and full invoices of own summaries', async () => {
    await applicant.act('paso', { paso: 2, motivo: 'datos de un set como propios' });
    const { ECF, RFCE } = await applicant.dataTest();
    await applicant.act('paso', { paso: 4, motivo: 'ensayo' });
    const own = (document: EcfDocument): void => {
      document.Encabezado.Emisor.RazonSocialEmisor = COMPANY;
    };
    const isSmall = (row: Row): boolean => RFCE.some(({ ENCF }) => ENCF === row['ENCF']);
    for (const row of inOrder(ECF).filter((one) => !isSmall(one))) {
      expect(await applicant.sendEcf(row, own)).toMatchObject({ codigo: '1' });
    }
    for (const row of RFCE) {
      const full = ECF.find(({ ENCF }) => ENCF === row['ENCF']) ?? {};
      const named = { ...full, RazonSocialEmisor: COMPANY };
      await applicant.sendRfce({ ...row, RazonSocialEmisor: COMPANY }, named);
    }
    expect((await applicant.progress()).paso).toBe(4);
    for (const { xml } of applicant.invoices.values()) await applicant.upload('facturas', xml);
    const { paso, simulacion } = await applicant.progress();
    expect(paso).toBe(5);
    for (const [kind, goal] of Object.entries(SIMULATION_GOALS)) {
      expect(simulacion[kind]).toEqual({ aceptados: goal, total: goal });
    }
  });

  it('takes one PDF of each kind, ten megabytes in all, and lists where each QR must lead', async () => {
    const { representaciones } = await applicant.progress();
    expect(Object.values(representaciones.qr)).toHaveLength(25);
    const [large = ''] = Object.keys(representaciones.qr).filter((encf) => encf.startsWith('E31'));
    expect(representaciones.qr[large]).toMatch(/\/certecf\/ConsultaTimbre\?RncEmisor=131880738/);
    expect(await applicant.print('31', Buffer.from('texto'))).toMatchObject({ status: 400 });
    const big = Buffer.concat([PDF, Buffer.alloc(6 * 1024 * 1024), PDF]);
    expect(await applicant.print('31', big)).toMatchObject({ status: 200 });
    expect((await applicant.print('33', big)).error).toContain('10 MB');
    for (const kind of PRINTED_KINDS) await applicant.print(kind, PDF);
    expect((await applicant.progress()).paso).toBe(7);
  });

  it('sends e-CF to the applicant, and goes on when all are acknowledged', async () => {
    const urls = {
      recepcion: `http://127.0.0.1:${port()}/nada`,
      aprobacion: `http://127.0.0.1:${port()}`,
    };
    expect((await applicant.act('urls-prueba', urls)).progreso.paso).toBe(8);
    const failed = await applicant.act('prueba-recepcion');
    expect(failed.progreso.paso).toBe(8);
    expect(failed.progreso.comunicacion.recepcion[0]?.problem).toBeDefined();

    const base = new TestClient(peer.url).path('emisorreceptor');
    await applicant.act('urls-prueba', { ...urls, recepcion: base, autenticacion: base });
    const { progreso } = await applicant.act('prueba-recepcion');
    expect(progreso.comunicacion.recepcion.map(({ problem }) => problem)).toEqual(
      Array.from({ length: 4 }),
    );
    expect(progreso.paso).toBe(10);
  });

  it('sends approvals of what the applicant issued', async () => {
    approvalStatus = 400;
    expect((await applicant.act('prueba-aprobaciones')).progreso.paso).toBe(10);
    approvalStatus = 200;
    const { progreso } = await applicant.act('prueba-aprobaciones');
    expect(progreso.comunicacion.aprobaciones).toHaveLength(5);
    expect(progreso.paso).toBe(12);
  });

  it('ends with production addresses, the declaration and the status', async () => {
    const urls = { recepcion: 'https://ejemplo.com.do', aprobacion: 'https://ejemplo.com.do' };
    expect((await applicant.act('urls-produccion', urls)).progreso.paso).toBe(13);
    expect((await applicant.handIn('declaracion')).progreso.paso).toBe(14);
    const { progreso } = await applicant.act('verificacion');
    expect(progreso).toMatchObject({ estado: 'autorizado', paso: 14 });
    expect((await applicant.act('anulacion', { motivo: 'x' })).status).toBe(409);
  });
});

describe('simulation under another name', () => {
  it('is rejected in the review, and a rejected document is only told', async () => {
    const other = new Applicant(simulator.url, '101010632', applicant.signer);
    await other.register();
    const { ECF } = await other.dataTest();
    await other.act('paso', { paso: 4, motivo: 'ensayo' });
    const row = ECF.find((one) => text(one, 'TipoeCF') === '43') ?? {};
    await other.sendEcf(row);
    const file = await other.signedEcf({ ...row, MontoTotal: '1.00' });
    await other.client.sendEcf(await signed(unsigned(file.xml), file.name, other.signer));
    const told = await other.progress();
    expect(told.simulacion['43']).toEqual({ aceptados: 1, total: 2 });
    expect(told.bitacora[0]?.text).toContain('rechazado');
    await other.act('paso', { paso: 5, motivo: 'ensayo' });
    for (const kind of PRINTED_KINDS) await other.print(kind, PDF);
    const { paso, representaciones } = await other.progress();
    expect(paso).toBe(5);
    expect(representaciones.rechazos.join()).toContain('EMISOR DE PRUEBAS SRL');
  });
});

/** Unsigned text of a signed document. */
const unsigned = (xml: string): string =>
  xml.replace(/^<\?xml[^>]*\?>/, '').replace(/<Signature[\s\S]*<\/Signature>/, '');

describe('pages of the portal', () => {
  it('show the progress and take the forms of a browser', async () => {
    const { url } = simulator;
    const page = await fetch(`${url}/_portal/${applicant.rnc}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('autorizado');
    const form = new URLSearchParams({ ...FORM, rnc: '130000001', razonSocial: '<b>Uno & Dos' });
    const answer = await fetch(`${url}/_portal`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...HTML, origin: url },
      body: form.toString(),
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/_portal/130000001']);
    const list = await (await fetch(`${url}/_portal`)).text();
    expect(list).toContain('&lt;b&gt;Uno &amp; Dos');
    const stray = await fetch(`${url}/_portal/130000001/anulacion`, {
      method: 'POST',
      headers: { ...HTML, origin: 'https://otro.example' },
      body: 'motivo=x',
    });
    expect(stray.status).toBe(403);
    const early = await fetch(`${url}/_portal/130000001/verificacion`, {
      method: 'POST',
      headers: { ...HTML, origin: url },
      body: '',
    });
    expect([early.status, await early.text()]).toEqual([409, expect.stringContaining('paso 1')]);
  });
});

import { hasValidCheckDigit } from '@getupnet/ecf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../index.js';
import { testSigner } from '../testing/client.js';
import { Applicant, inOrder, text, type Row } from '../testing/applicant.js';

/** Any RNC will do as long as its check digit is right; each test rehearses under its own. */
const RNCS = Array.from({ length: 400 }, (_, at) => String(131_000_000 + at)).filter(
  hasValidCheckDigit,
);

/** A workbook has 150,000 cells, and the reader is thorough. */
const WHOLE_WAY_MS = 120_000;

const signer = testSigner();
let dataDir: string;
let simulator: Simulator;
let applicant: Applicant;
let ecf: Row[];
let rfce: Row[];

const start = (): Promise<Simulator> =>
  startSimulator({ trust: 'any', dataDir, validationDelayMs: 0 });
const rowOf = (encf: string): Row => ecf.find((row) => row['ENCF'] === encf) ?? {};
const small = (row: Row): boolean => rfce.some((summary) => summary['ENCF'] === row['ENCF']);
const sent = (): Row[] => inOrder(ecf).filter((row) => !small(row));

async function download(): Promise<void> {
  ({ ECF: ecf, RFCE: rfce } = await applicant.dataTest());
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-portal-'));
  simulator = await start();
});
afterAll(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true });
});
beforeEach(async () => {
  applicant = new Applicant(simulator.url, RNCS.pop(), signer);
  const { progreso } = await applicant.register();
  expect(progreso.paso).toBe(2);
});

describe('data test of the certification', () => {
  it(
    'is passed with every row as it is, in the official order, and the approvals after it',
    async () => {
      const sheets = await applicant.download('set-ecf.xlsx');
      expect(Object.keys(sheets)).toEqual(['ECF', 'RFCE']);
      ({ ECF: ecf = [], RFCE: rfce = [] } = sheets);
      expect(ecf).toHaveLength(25);
      expect(rfce).toHaveLength(4);
      expect(await applicant.dataTest()).toEqual({ ECF: ecf, RFCE: rfce });
      for (const row of sent()) {
        expect(await applicant.sendEcf(row)).toMatchObject({ codigo: '1' });
      }
      expect((await applicant.progress()).pruebasDatos.ecf).toEqual({ aceptados: 21, total: 21 });
      for (const row of rfce) {
        const answer = await applicant.sendRfce(row, rowOf(text(row, 'ENCF')));
        expect(answer).toMatchObject({ codigo: 1 });
      }
      for (const { xml } of applicant.invoices.values()) {
        expect(await applicant.upload('facturas', xml)).toMatchObject({ status: 200, codigo: '1' });
      }
      expect(await applicant.progress()).toMatchObject({
        paso: 3,
        pruebasDatos: { intento: 1, rfce: { aceptados: 4 }, facturas: { aceptados: 4 } },
      });
      await approvals();
    },
    WHOLE_WAY_MS,
  );

  async function approvals(): Promise<void> {
    const { ACEECF_Generadas: rows = [] } = await applicant.download('set-aprobaciones.xlsx');
    expect(rows).toHaveLength(11);
    const [first = {}] = rows;
    const wrong = await applicant.sendApproval({
      ...first,
      Estado: '2',
      DetalleMotivoRechazo: 'x',
    });
    expect(wrong).toMatchObject({ codigo: '2', mensaje: [expect.stringContaining('Estado')] });
    for (const row of rows) {
      expect(Number((await applicant.sendApproval(row)).codigo)).toBe(1);
    }
    const { paso, aprobaciones } = await applicant.progress();
    expect({ paso, aprobaciones }).toEqual({
      paso: 4,
      aprobaciones: { aceptados: 11, total: 11, descargado: true },
    });
  }

  it('starts anew when a field has another text, and hands out other numbers', async () => {
    await download();
    const [first = {}, second = {}] = sent();
    expect(await applicant.sendEcf(first)).toMatchObject({ codigo: '1' });
    const result = await applicant.sendEcf(second, (document) => {
      document.Encabezado.Emisor.RazonSocialEmisor = 'MI EMPRESA SRL';
    });
    expect(result).toMatchObject({ codigo: '2' });
    expect(result.mensajes[0]?.valor).toContain('RazonSocialEmisor');
    const { pruebasDatos } = await applicant.progress();
    expect(pruebasDatos).toMatchObject({ descargado: false, ecf: { aceptados: 0 } });

    const before = new Set(ecf.map((row) => text(row, 'ENCF')));
    await download();
    expect(ecf.some((row) => before.has(text(row, 'ENCF')))).toBe(false);
    expect((await applicant.progress()).pruebasDatos).toMatchObject({
      intento: 2,
      descargado: true,
    });
    const [fresh = {}] = sent();
    expect(await applicant.sendEcf(fresh)).toMatchObject({ codigo: '1' });
  });

  it('rejects a field too many and one that is missing', async () => {
    await download();
    const row = sent().find((one) => one['NombreComercial'] !== undefined) ?? {};
    const less = await applicant.sendEcf(row, (document) => {
      delete document.Encabezado.Emisor.NombreComercial;
    });
    expect(less.mensajes[0]?.valor).toBe('Falta el campo NombreComercial del set de pruebas.');
    await download();
    const plain = sent().find((one) => one['Sucursal'] === undefined) ?? {};
    const more = await applicant.sendEcf(plain, (document) => {
      document.Encabezado.Emisor.Sucursal = 'UNO';
    });
    expect(more.mensajes[0]?.valor).toBe('El campo Sucursal no está en el set de pruebas.');
  });

  it('rejects with 614 a note sent before what it modifies', async () => {
    await download();
    const note = sent().find((row) => row['TipoeCF'] === '33') ?? {};
    const result = await applicant.sendEcf(note);
    expect(result).toMatchObject({ codigo: '2', mensajes: [{ codigo: 614 }] });
    expect((await applicant.progress()).pruebasDatos.descargado).toBe(false);
  });

  it('lets a document sent twice pass: 1209 is no rejection of the set', async () => {
    await download();
    const [row = {}] = sent();
    await applicant.sendEcf(row);
    const again = await applicant.sendEcf(row);
    expect(again).toMatchObject({ codigo: '2', mensajes: [{ codigo: 1209 }] });
    expect((await applicant.progress()).pruebasDatos).toMatchObject({
      descargado: true,
      ecf: { aceptados: 1 },
    });
  });

  it('rejects a number that is not in the set', async () => {
    await download();
    const [row = {}] = sent();
    const encf = `${text(row, 'ENCF').slice(0, 3)}0000900000`;
    const result = await applicant.sendEcf({ ...row, ENCF: encf });
    expect(result.mensajes[0]?.valor).toContain(`${encf} no es del set`);
  });

  it('takes the full invoice after its summary only, and only the bytes whose code it carries', async () => {
    await download();
    const [row = {}] = rfce;
    const encf = text(row, 'ENCF');
    const early = await applicant.upload('facturas', (await applicant.signedEcf(rowOf(encf))).xml);
    expect(early).toMatchObject({ status: 409 });
    expect((await applicant.progress()).pruebasDatos.descargado).toBe(true);

    await applicant.sendRfce(row, rowOf(encf));
    const junk = await applicant.upload('facturas', 'no es XML');
    expect(junk).toMatchObject({ codigo: '2', progreso: { pruebasDatos: { descargado: true } } });
    const other = await applicant.upload('facturas', await applicant.signedAgain(rowOf(encf)));
    expect(other).toMatchObject({ codigo: '2', progreso: { pruebasDatos: { descargado: false } } });
    expect(other.mensajes?.[0]?.valor).toContain('CodigoSeguridadeCF');
  });

  it('holds a summary against its own row', async () => {
    await download();
    const row = rfce.find((one) => one['RazonSocialComprador'] !== undefined) ?? {};
    const answer = await applicant.sendRfce(row, rowOf(text(row, 'ENCF')), (stated) => ({
      ...stated,
      RazonSocialComprador: 'OTRO NOMBRE',
    }));
    expect(answer).toMatchObject({ codigo: 2 });
    expect(answer.mensajes[0]?.valor).toContain('RazonSocialComprador');
  });

  it('remembers everything after a restart', async () => {
    await download();
    const [first = {}, second = {}] = sent();
    await applicant.sendEcf(first);
    await simulator.close();
    simulator = await start();
    const again = new Applicant(simulator.url, applicant.rnc, signer);
    await again.client.authenticate(again.signer);
    const { paso, pruebasDatos } = await again.progress();
    expect({ paso, pruebasDatos }).toMatchObject({
      paso: 2,
      pruebasDatos: { ecf: { aceptados: 1 } },
    });
    expect(await again.dataTest()).toEqual({ ECF: ecf, RFCE: rfce });
    expect(await again.sendEcf(second)).toMatchObject({ codigo: '1' });
    expect((await again.progress()).pruebasDatos.ecf.aceptados).toBe(2);

    await again.act('paso', { paso: 3, motivo: 'ensayo' });
    const rows = await again.approvalRows();
    await simulator.close();
    simulator = await start();
    const later = new Applicant(simulator.url, applicant.rnc, signer);
    await later.client.authenticate(signer);
    expect(await later.approvalRows()).toEqual(rows);
    expect(Number((await later.sendApproval(rows[0] ?? {})).codigo)).toBe(1);
    expect((await later.progress()).aprobaciones.aceptados).toBe(1);
  });

  it('does not touch others, nor who has not downloaded a set', async () => {
    await download();
    const other = new Applicant(simulator.url, RNCS.pop(), signer);
    await other.client.authenticate(signer);
    const [row = {}] = sent();
    expect(await other.sendEcf({ ...row, RNCEmisor: other.rnc })).toMatchObject({ codigo: '1' });
    await other.register();
    expect(await other.sendEcf({ ...row, RNCEmisor: other.rnc })).toMatchObject({ codigo: '2' });
    expect((await other.progress()).pruebasDatos).toMatchObject({ intento: 0 });
    const { ECF } = await other.dataTest();
    expect(ECF.some(({ ENCF }) => ENCF === text(row, 'ENCF'))).toBe(false);
  });

  it('is forgotten with everything else', async () => {
    await simulator.control.reset();
    expect(await applicant.progress()).toEqual({
      error: `No hay postulación de ${applicant.rnc}.`,
    });
  });
});

import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type Simulator } from '../index.js';
import { TestClient, testSigner, type SignedFile } from '../testing/client.js';
import { BUYER, ISSUER, ecf, signedAcecf, signedEcf } from '../testing/documents.js';

let signer: Signer;
let simulator: Simulator;
let client: TestClient;

const CLOSED = '130862346';
const accepted = ecf({ encf: 'E310000000001', price: '1500.50' });

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({
    validationDelayMs: 0,
    environments: { testecf: { delegates: { [CLOSED]: ['00200000002'] } } },
  });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
  await client.sendEcf(await signedEcf(accepted, signer));
});
afterAll(() => simulator.close());

const answerTo = async (file: SignedFile): Promise<unknown> => (await client.approve(file)).json();

const refused = (text: string): object => ({
  codigo: '2',
  estado: 'Aprobacion Comercial Rechazada.',
  mensaje: [expect.stringContaining(text)],
});

describe('commercial approval', () => {
  it('is taken for an accepted e-CF, and the ledger tells what the buyer said', async () => {
    expect(await answerTo(await signedAcecf(accepted, signer))).toEqual({
      mensaje: [],
      estado: 'Aprobación Comercial Aprobada.',
      codigo: '1',
    });
    const refusal = await signedAcecf(accepted, signer, { reason: 'No es nuestra compra' });
    expect(await answerTo(refusal)).toMatchObject({ codigo: '1' });
    const lines = await simulator.control.ledger({ service: 'aprobacioncomercial' });
    expect(lines).toMatchObject([
      { rnc: ISSUER, encf: 'E310000000001', approval: { rncComprador: BUYER, estado: '1' } },
      { rnc: ISSUER, codigo: '1', approval: { rncComprador: BUYER, estado: '2' } },
    ]);
  });

  it('answers XML to who wants XML', async () => {
    const file = await signedAcecf(accepted, signer);
    const answer = await client.post('aprobacioncomercial/api/aprobacioncomercial', file, {
      accept: 'application/xml',
    });
    expect(await answer.text()).toContain(
      '<RespuestaAprobacionComercial><estado>Aprobación Comercial Aprobada.</estado>' +
        '<codigo>1</codigo>',
    );
  });

  it('wants an e-CF that exists, was accepted and says the same', async () => {
    const unknown = await signedAcecf(ecf({ encf: 'E310000000900' }), signer);
    expect(await answerTo(unknown)).toEqual(refused('No se encontró la factura'));
    const magic = ecf({ encf: 'E310000000002', buyer: '999000012' });
    await client.sendEcf(await signedEcf(magic, signer));
    const bad = await signedAcecf(magic, signer);
    expect(await answerTo(bad)).toEqual(refused('No se encontró un e-CF válido'));
    for (const other of [{ MontoTotal: '1500.51' }, { RNCComprador: ISSUER }]) {
      const file = await signedAcecf(accepted, signer, {
        change: (detail) => Object.assign(detail, other),
      });
      expect(await answerTo(file)).toEqual(refused('No se encontró un e-CF válido'));
    }
  });

  it.each(['32', '41', '43', '46', '47'])('is not for type %s', async (tipo) => {
    const file = await signedAcecf(accepted, signer, {
      change: (detail) => Object.assign(detail, { eNCF: `E${tipo}0000000001` }),
    });
    expect(await answerTo(file)).toEqual(refused('no es requerida para este tipo'));
  });

  it('wants form, signature and delegation in order', async () => {
    const file = await signedAcecf(accepted, signer);
    const altered = { ...file, xml: file.xml.replace('<Estado>1<', '<Estado>2<') };
    expect(await answerTo(altered)).toEqual(refused('firma'));
    const bad = { ...file, xml: file.xml.replace('<Estado>1<', '<Estado>7<') };
    expect(await answerTo(bad)).toEqual(refused('estructura'));
    const undelegated = await signedAcecf(accepted, signer, {
      change: (detail) => Object.assign(detail, { RNCComprador: CLOSED }),
    });
    expect(await answerTo(undelegated)).toEqual(refused(`no está delegado para ${CLOSED}`));
    expect((await client.approve({ ...file, xml: '<ECF/>' })).status).toBe(400);
  });

  it('exists in certification too', async () => {
    const certification = new TestClient(simulator.url, 'certecf');
    await certification.authenticate(signer);
    const answer = await certification.approve(await signedAcecf(accepted, signer));
    expect(await answer.json()).toEqual(refused('No se encontró la factura'));
  });
});

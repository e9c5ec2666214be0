import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type Operation, type Simulator } from '../index.js';
import { TestClient, testSigner, upload, type SignedFile } from '../testing/client.js';
import {
  ISSUER,
  ecf,
  signedAcecf,
  signedAnecf,
  signedEcf,
  signedRfce,
} from '../testing/documents.js';

const ENCF = 'E310000000001';
const SUMMARY = 'E320000000001';
let signer: Signer;
let simulator: Simulator;
let client: TestClient;

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.control.reset());

interface Service {
  readonly operation: Operation;
  readonly host: string;
  readonly path: string;
  readonly file: () => Promise<SignedFile>;
  /** Whether the name of the file must have its length. */
  readonly named: boolean;
}

const SERVICES: readonly Service[] = [
  {
    operation: 'recepcion',
    host: 'ecf',
    path: 'recepcion/api/facturaselectronicas',
    file: () => signedEcf(ecf({ encf: ENCF }), signer),
    named: true,
  },
  {
    operation: 'recepcionfc',
    host: 'fc',
    path: 'recepcionfc/api/recepcion/ecf',
    file: () => signedRfce(ecf({ encf: SUMMARY }), signer),
    named: true,
  },
  {
    operation: 'aprobacioncomercial',
    host: 'ecf',
    path: 'aprobacioncomercial/api/aprobacioncomercial',
    file: () => signedAcecf(ecf({ encf: ENCF }), signer),
    named: false,
  },
  {
    operation: 'anulacionrangos',
    host: 'ecf',
    path: 'anulacionrangos/api/operaciones/anularrango',
    file: () => signedAnecf([['31', 500, 500]], signer),
    named: false,
  },
];

type Sent = string | Buffer | ReadableStream;

function post(service: Service, type: string, body: Sent): Promise<Response> {
  const streamed = body instanceof ReadableStream ? { duplex: 'half' } : {};
  return fetch(client.path(service.path, service.host), {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${client.token}` },
    body,
    ...streamed,
  } as RequestInit);
}

const EMPTY_FORM = { errors: { xml: ['The xml field is required.'] } };

describe.each(SERVICES)('upload to $operation', (service) => {
  it('is refused as an empty form when it has no length', async () => {
    const { type, body } = upload(await service.file());
    const answer = await post(service, type, new Blob([body]).stream());
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject(EMPTY_FORM);
  });

  it('is one file part with the name xml', async () => {
    const file = await service.file();
    const misnamed = upload(file, 'file');
    const field = `--b\r\ncontent-disposition: form-data; name="xml"\r\n\r\n${file.xml}\r\n--b--\r\n`;
    const bodies: readonly (readonly [string, Sent])[] = [
      [misnamed.type, misnamed.body],
      ['multipart/form-data; boundary=b', field],
      ['multipart/form-data', upload(file).body],
      ['application/xml', file.xml],
      ['application/json', '{}'],
    ];
    for (const [type, body] of bodies) {
      const answer = await post(service, type, body);
      expect([type, answer.status]).toEqual([type, 400]);
      expect(await answer.json()).toMatchObject(EMPTY_FORM);
    }
  });

  it.each<readonly [string, (xml: string) => string]>([
    ['a byte order mark', (xml) => `\uFEFF${xml}`],
    ['text', () => 'nothing'],
    ['nothing', () => ''],
    ['another document', () => '<SemillaModel/>'],
    ['a document type', (xml) => xml.replace('?>', '?><!DOCTYPE x>')],
    ['half a document', (xml) => xml.slice(0, xml.length / 2)],
  ])('is refused when it holds %s, and leaves no document', async (_name, bend) => {
    const file = await service.file();
    const answer = await client.post(
      service.path,
      { ...file, xml: bend(file.xml) },
      { host: service.host },
    );
    expect(answer.status).toBe(400);
    expect(simulator.control.state().numbers).toBe(0);
    const line = (await simulator.control.ledger({ service: service.operation })).at(-1);
    expect(line).toMatchObject({ httpStatus: 400, processed: true, facts: null, trackId: null });
  });

  it.each([
    `${ISSUER}E31000000001.xml`,
    `${ISSUER}E3100000000001.xml`,
    `1${ISSUER}${ENCF}.xml`,
    `${ISSUER}${ENCF}.txt`,
    `${ISSUER}${ENCF}`,
    'documento.xml',
  ])('named %s', async (name) => {
    const file = { ...(await service.file()), name };
    const answer = await client.post(service.path, file, { host: service.host });
    const body = (await answer.json()) as object;
    if (service.named) {
      expect(answer.status).toBe(400);
      expect(body).toMatchObject({ mensajes: [{ codigo: '3243' }] });
    } else expect(answer.status).toBe(200);
  });

  it('is taken from a person’s and a company’s file name, in any case', async () => {
    const file = await service.file();
    const name = file.name.replace(/\.xml$/, '.XML');
    const answer = await client.post(service.path, { ...file, name }, { host: service.host });
    expect(answer.status).toBe(200);
  });
});

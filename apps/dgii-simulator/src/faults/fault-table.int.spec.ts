import { waitFor } from '@getupnet/testkit';
import { signForeign, type Signer } from '@getupnet/xmldsig';
import { Agent, request } from 'undici';
import { ZodError } from 'zod';
import { OPERATIONS, startSimulator, type FaultKind, type Simulator } from '../index.js';
import { SERVICE_MAP } from '../http/service-map.js';
import { STATUS_RESOURCES } from '../http/status-resources.js';
import { TestClient, testSigner, upload, type SignedFile } from '../testing/client.js';
import {
  ISSUER,
  ecf,
  signedAcecf,
  signedAnecf,
  signedEcf,
  signedRfce,
} from '../testing/documents.js';
import type { Fault, FaultOperation } from './fault.js';
import { suits } from './fault-scope.js';

type Environment = 'testecf' | 'ecf';

/** By a timer of its own: the client's round up to a second. */
const PATIENCE_MS = 20_000;
const ENCF = 'E310000000001';
const SUMMARY = 'E320000000001';

let simulator: Simulator;
let signer: Signer;
let dispatcher: Agent;
let trackId = '';
let code = '';
const tokens = new Map<Environment, string>();
const files = new Map<string, SignedFile>();

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0, seed: 'table' });
  dispatcher = new Agent();
  const now = new Date();
  files.set('recepcion', await signedEcf(ecf({ encf: ENCF, now }), signer));
  files.set('recepcionfc', await signedRfce(ecf({ encf: SUMMARY, now }), signer));
  files.set('aprobacioncomercial', await signedAcecf(ecf({ encf: ENCF, now }), signer));
  files.set('anulacionrangos', await signedAnecf([['44', 900, 901]], signer));
  for (const environment of ['testecf', 'ecf'] as const) {
    const client = new TestClient(simulator.url, environment);
    await client.authenticate(signer);
    tokens.set(environment, client.token);
    const answer = await client.sendEcf(file('recepcion'));
    if (environment === 'testecf') ({ trackId } = (await answer.json()) as { trackId: string });
    await client.sendRfce(file('recepcionfc'));
  }
  const [line] = await simulator.control.ledger({ environment: 'ecf', encf: SUMMARY });
  code = line?.facts?.codigoSeguridad ?? '';
});
afterAll(async () => {
  await simulator.close();
  await dispatcher.close();
});
beforeEach(() => simulator.control.clearFaults());

function file(name: string): SignedFile {
  const found = files.get(name);
  if (found === undefined) throw new Error(name);
  return found;
}

interface Reaction {
  readonly status: number;
  /** Whole body; null when the connection ended before it was whole. */
  readonly text: string | null;
  readonly took: number;
}

const QUERY: Readonly<Record<string, () => object>> = {
  consultaresultado: () => ({ trackid: trackId }),
  consultaestado: () => ({ rncemisor: ISSUER, ncfelectronico: ENCF }),
  consultatrackids: () => ({ rncemisor: ISSUER, encf: ENCF }),
  consultarfce: () => ({ rnc_emisor: ISSUER, encf: SUMMARY, cod_seguridad_ecf: code }),
  directorioporrnc: () => ({ rnc: ISSUER }),
  emisoracuse: () => ({ rnc: ISSUER, encf: ENCF }),
  verificarestado: () => ({ ambiente: '1' }),
};

const SEMILLA: Readonly<Record<string, string>> = {
  validarsemilla: '/ecf/testecf/autenticacion/api/autenticacion/semilla',
  receptorvalidacion: '/ecf/testecf/emisorreceptor/fe/autenticacion/api/semilla',
};

/** The file a call uploads: the receiver takes the same ones as DGII. */
async function fileOf(operation: FaultOperation): Promise<SignedFile> {
  const path = SEMILLA[operation];
  if (path !== undefined) {
    const { body } = await request(simulator.url + path);
    return { name: 's.xml', xml: signForeign(Buffer.from(await body.text()), signer).xml };
  }
  if (operation === 'receptorrecepcion') return file('recepcion');
  return file(operation === 'receptoraprobacion' ? 'aprobacioncomercial' : operation);
}

function isStatus(operation: FaultOperation): operation is (typeof STATUS_RESOURCES)[number] {
  return STATUS_RESOURCES.some((resource) => resource === operation);
}

/** When a caller gives up. */
interface Patience {
  readonly signal: AbortSignal;
  /** Told that the answer began. */
  readonly headCame?: () => void;
}

/** A call of the operation that DGII answers with 200, or with a reason why not. */
async function call(operation: FaultOperation, patience?: Patience): Promise<Reaction> {
  const search = new URLSearchParams(Object.entries(QUERY[operation]?.() ?? {})).toString();
  if (isStatus(operation)) {
    const headers = { authorization: 'Apikey x' };
    return send(`/statusecf/api/estatusservicios/${operation}?${search}`, { headers, patience });
  }
  const { host, path, method, document, environments } = SERVICE_MAP[operation];
  const environment = environments.includes('testecf') ? 'testecf' : 'ecf';
  const headers = { authorization: `Bearer ${tokens.get(environment) ?? ''}` };
  const target = `/${host}/${environment}${path}?${search}`;
  if (document) {
    const { type, body } = upload(await fileOf(operation));
    return send(target, {
      method,
      headers: { ...headers, 'content-type': type },
      body,
      patience,
    });
  }
  if (method === 'GET') return send(target, { headers, patience });
  const base = `${simulator.url}/ecf/testecf/emisorreceptor`;
  const body = JSON.stringify({
    rnc: ISSUER,
    encf: ENCF,
    tipoEncf: '31',
    estadoAprobacion: '1',
    urlRecepcion: base,
    urlAprobacionComercial: base,
    urlAutenticacion: base,
  });
  return send(target, {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body,
    patience,
  });
}

async function send(
  target: string,
  {
    patience = { signal: AbortSignal.timeout(PATIENCE_MS) },
    ...options
  }: {
    method?: 'GET' | 'POST';
    headers: Record<string, string>;
    body?: Buffer | string;
    patience?: Patience | undefined;
  },
): Promise<Reaction> {
  const start = performance.now();
  const { statusCode, body } = await request(simulator.url + target, {
    ...options,
    dispatcher,
    signal: patience.signal,
  });
  patience.headCame?.();
  const text = await body.text().catch(() => null);
  return { status: statusCode, text, took: performance.now() - start };
}

/** An answer would come before those to whoever asks after the fault was met. */
const silent = async (operation: FaultOperation): Promise<void> => {
  const caller = new AbortController();
  const met = call(operation, { signal: caller.signal }).then(
    () => 'an answer',
    (error: unknown) => error,
  );
  await waitFor(() => simulator.control.state().faults.length === 0, { what: 'the fault' });
  for (let time = 0; time < 3; time += 1) await call('semilla');
  caller.abort();
  expect(await met).toMatchObject({ name: 'AbortError' });
};

/** The answer begins, and its body does not come. */
const slowBody = async (operation: FaultOperation, { status }: Reaction): Promise<void> => {
  const caller = new AbortController();
  const headCame = (): void => void setTimeout(() => caller.abort(), 200);
  const met = await call(operation, { signal: caller.signal, headCame });
  expect(met).toMatchObject({ status, text: null });
};

const refused = async (operation: FaultOperation): Promise<void> => {
  await expect(call(operation)).rejects.toMatchObject({
    code: expect.stringMatching(/UND_ERR_SOCKET|ECONNRESET/) as unknown,
  });
};

type Expectation = (operation: FaultOperation, usual: Reaction) => Promise<void>;

/** A call answered like this, in part. */
const answers =
  (wanted: (usual: Reaction) => object): Expectation =>
  async (operation, usual) =>
    expect(await call(operation)).toMatchObject(wanted(usual));

const differs: Expectation = async (operation, usual) => {
  const { status, text } = await call(operation);
  expect(status).toBe(usual.status);
  expect(text).not.toBe(usual.text);
  expect(text).not.toBeNull();
};

/** Each kind with fields that a test can wait for, and what a caller then meets. */
const TABLE: Readonly<Record<Fault['kind'], readonly [fields: object, met: Expectation]>> = {
  delay: [
    { ms: 40 },
    async (operation, usual) => {
      const { status, took } = await call(operation);
      expect(status).toBe(usual.status);
      expect(took).toBeGreaterThanOrEqual(39);
    },
  ],
  status: [{ status: 502 }, answers(() => ({ status: 502, text: expect.stringMatching('<html') }))],
  html: [{}, answers(() => ({ status: 200, text: expect.stringMatching('<!DOCTYPE html>') }))],
  empty: [{}, answers(() => ({ status: 200, text: '' }))],
  silent: [{}, silent],
  reset: [{}, refused],
  down: [{}, answers(() => ({ status: 503 }))],
  'early-401': [{}, answers(() => ({ status: 401, text: '' }))],
  'answer-lost': [{}, refused],
  'slow-body': [{ intervalMs: 20_000 }, slowBody],
  truncated: [{}, answers(({ status }) => ({ status, text: null }))],
  oversize: [
    {},
    async (operation, usual) => {
      const { status, text } = await call(operation);
      expect(status).toBe(usual.status);
      expect(text?.length).toBeGreaterThan(1_048_576);
    },
  ],
  'wrong-shape': [{ shape: 'nested' }, differs],
  foreign: [{}, differs],
  'status-flip': [{}, differs],
  'repeated-trackid': [
    {},
    async (operation, { text: before }) => {
      const { text } = await call(operation);
      const rows = JSON.parse(before ?? '') as unknown[];
      const twice = Array.isArray(rows) ? rows.flatMap((row) => [row, row]) : rows;
      expect(JSON.parse(text ?? '')).toEqual(twice);
    },
  ],
  'en-proceso': [
    { polls: 1 },
    async (operation) => {
      const { text } = await call(operation);
      const { trackId: fresh } = JSON.parse(text ?? '') as { trackId: string };
      const [line] = await simulator.control.ledger({ trackId: fresh });
      expect(line).toMatchObject({ pendingPolls: 1, codigo: '2' });
    },
  ],
  late: [
    {},
    async (operation) => {
      const { text } = await call(operation);
      if (operation === 'recepcionfc') return;
      const told = operation === 'recepcion' ? (await call('consultatrackids')).text : text;
      expect(told).toContain('No encontrado');
    },
  ],
};
const KINDS = Object.keys(TABLE) as Fault['kind'][];

/** Kinds whose call DGII never sees, unless the fault says `processed`. */
const UNPROCESSED: readonly FaultKind[] = [
  'status',
  'html',
  'empty',
  'silent',
  'reset',
  'down',
  'early-401',
];
/** Kinds after which the caller has DGII's answer all the same. */
const HARMLESS: readonly FaultKind[] = ['delay', 'en-proceso', 'late'];
const CUT: readonly FaultKind[] = ['silent', 'reset'];

describe.each([...OPERATIONS, ...STATUS_RESOURCES])('%s', (operation) => {
  it.each(KINDS.filter((kind) => suits(kind, operation)))('meets %s once', async (kind) => {
    const usual = await call(operation);
    const [fields, met] = TABLE[kind];
    const before = simulator.control.state().ledgerLines;
    const id = simulator.control.addFault({ kind, operation, times: 1, ...fields } as Fault);
    await met(operation, usual);
    expect(simulator.control.state().faults).toEqual([]);
    const lines = await simulator.control.ledger({ service: operation });
    const line = lines.findLast(({ faultIds }) => faultIds?.includes(id));
    expect(line?.seq).toBeGreaterThan(before);
    const isUnprocessed = UNPROCESSED.includes(kind);
    expect(line).toMatchObject({
      fault: kind,
      processed: !isUnprocessed,
      answer:
        HARMLESS.includes(kind) || (isUnprocessed && !CUT.includes(kind))
          ? 'delivered'
          : 'withheld',
    });
    simulator.control.clearFaults();
    expect((await call(operation)).status).toBe(usual.status);
  });

  it('cannot be named for what it does not have', () => {
    for (const kind of KINDS.filter((other) => !suits(other, operation))) {
      const fault = { kind, operation, ...TABLE[kind][0] } as Fault;
      expect(() => simulator.control.addFault(fault)).toThrow(ZodError);
    }
  });
});

import { REFUSALS, read, type ArecfDocument, type EcfDocument } from '@getupnet/ecf';
import type { Signer } from '@getupnet/xmldsig';
import { startSimulator, type LedgerEntry, type Simulator } from '../index.js';
import { TestClient, testSigner } from '../testing/client.js';
import { BUYER, ISSUER, ecf, signedAcecf, signedAnecf, signedEcf } from '../testing/documents.js';
import {
  MAGIC_APPROVALS,
  MAGIC_RECEIPTS,
  MAGIC_RECEPTIONS,
  MAGIC_VOIDS,
  type Magic,
} from './magic.data.js';

let signer: Signer;
let simulator: Simulator;
let client: TestClient;
let last = 0;

beforeAll(async () => {
  signer = testSigner();
  simulator = await startSimulator({ trust: 'any', validationDelayMs: 0 });
  client = new TestClient(simulator.url);
  await client.authenticate(signer);
});
afterAll(() => simulator.close());

const next = (): string => `E31${String((last += 1)).padStart(10, '0')}`;

interface Values {
  readonly buyer: string;
  readonly price: string;
}

/** A document with these values, sent; the line that it left. */
async function deliver(values: Values): Promise<LedgerEntry> {
  const encf = next();
  const file = await signedEcf(ecf({ encf, ...values }), signer);
  await Promise.allSettled([client.sendEcf(file)]);
  const [line] = await simulator.control.ledger({ encf });
  if (line === undefined) throw new Error('no line');
  return line;
}

async function results(line: LedgerEntry, count: number): Promise<string> {
  let codes = '';
  for (let query = 0; query < count; query += 1) {
    const answer = await (await client.result(line.trackId ?? '')).json();
    codes += (answer as { codigo: string }).codigo;
  }
  return codes;
}

const usual = { buyer: BUYER, price: '1000.00' };

describe('a document that DGII receives', () => {
  const rows = MAGIC_RECEPTIONS.flatMap(({ buyer, amount, magic }) => [
    [{ ...usual, buyer }, magic] as const,
    [{ ...usual, price: amount }, magic] as const,
  ]);

  it.each(rows)('%j is forced: %j', async (values, magic: Magic) => {
    const { verdict, polls = 0, lateQueries = 0, answerLost = false } = magic;
    const line = await deliver(values);
    expect(line).toMatchObject({
      codigo: verdict?.codigo ?? '1',
      secuenciaUtilizada: verdict?.secuenciaUtilizada ?? true,
      answer: answerLost ? 'withheld' : 'delivered',
      processed: true,
    });
    const pending = '3'.repeat(polls) + '0'.repeat(lateQueries);
    expect(await results(line, pending.length + 1)).toBe(pending + (verdict?.codigo ?? '1'));
  });

  it('with a lost answer is known when it is sent again', async () => {
    const file = await signedEcf(ecf({ encf: next(), ...usual, price: '222009.99' }), signer);
    await expect(client.sendEcf(file)).rejects.toThrow('fetch failed');
    expect((await client.sendEcf(file)).status).toBe(200);
  });
});

describe('an approval', () => {
  const approve = async (price: string): Promise<unknown> => {
    const document: EcfDocument = ecf({ encf: next(), ...usual, price });
    await client.sendEcf(await signedEcf(document, signer));
    return (await client.approve(await signedAcecf(document, signer))).json();
  };

  it.each(Object.entries(MAGIC_APPROVALS))('of %s is refused: %s', async (amount, text) => {
    expect(await approve(amount)).toMatchObject({ codigo: '2', mensaje: [text] });
  });

  it('of any other total is taken', async () => {
    expect(await approve('222011.11')).toMatchObject({ codigo: '1', mensaje: [] });
  });
});

describe('a void', () => {
  it.each(Object.entries(MAGIC_VOIDS))('from %s on is refused: %s', async (number, text) => {
    const first = Number(number);
    const request = await signedAnecf([['44', first, first]], signer);
    const answer = await (await client.voidRanges(request)).json();
    expect(answer).toMatchObject({ codigo: '2', mensajes: [text] });
    const [line] = await simulator.control.ledger({ service: 'anulacionrangos' });
    expect(line?.voided).toBeUndefined();
  });

  it('from the number before takes all of them', async () => {
    const request = await signedAnecf([['43', 9_999_990, 9_999_998]], signer);
    expect(await (await client.voidRanges(request)).json()).toMatchObject({ codigo: '1' });
  });
});

describe('a receiver', () => {
  const receive = async (values: Values): Promise<ArecfDocument['DetalleAcusedeRecibo']> => {
    const file = await signedEcf(ecf({ encf: next(), ...values }), signer);
    const answer = await client.post('emisorreceptor/fe/recepcion/api/ecf', file);
    const document = read(await answer.text()).document as unknown as ArecfDocument;
    return document.DetalleAcusedeRecibo;
  };
  const rows = MAGIC_RECEIPTS.flatMap(({ buyer, amount, refusal }) => [
    [{ ...usual, buyer }, refusal] as const,
    [{ ...usual, price: amount }, refusal] as const,
  ]);

  it.each(rows)('of %j refuses it: %s', async (values, refusal) => {
    expect(await receive(values)).toMatchObject({
      RNCEmisor: ISSUER,
      RNCComprador: values.buyer,
      Estado: '1',
      CodigoMotivoNoRecibido: REFUSALS[refusal],
    });
  });

  it('of anything else takes it', async () => {
    expect(await receive(usual)).toMatchObject({ Estado: '0' });
  });
});

it('can be told to let no value be special', async () => {
  const plain = await startSimulator({ trust: 'any', validationDelayMs: 0, magicValues: false });
  const visitor = new TestClient(plain.url);
  await visitor.authenticate(signer);
  for (const { amount } of MAGIC_RECEPTIONS) {
    const file = await signedEcf(ecf({ encf: next(), ...usual, price: amount }), signer);
    expect((await visitor.sendEcf(file)).status).toBe(200);
  }
  const lines = await plain.control.ledger({ service: 'recepcion' });
  await plain.close();
  expect(new Set(lines.map(({ codigo }) => codigo))).toEqual(new Set(['1']));
});

const WEIGHTS = [7, 9, 8, 6, 5, 4, 3, 2];

it('has values that differ, and buyers whose check digit is right', () => {
  const rows = [...MAGIC_RECEPTIONS, ...MAGIC_RECEIPTS];
  const values = [
    ...rows.flatMap(({ buyer, amount }) => [buyer, amount]),
    ...Object.keys(MAGIC_APPROVALS),
  ];
  expect(new Set(values).size).toBe(values.length);
  for (const { buyer } of rows) {
    const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(buyer[at]), 0);
    const digit = [2, 1][sum % 11] ?? 11 - (sum % 11);
    expect(buyer).toBe(buyer.slice(0, 8) + String(digit));
  }
});

import type { DgiiParty, DgiiSendItem } from '@getupnet/contracts';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { newId } from '@getupnet/kernel';
import { Logger } from '@nestjs/common';
import { BREAKER_FAILURES, BREAKER_OPEN_MS } from './calls/breaker.js';
import { ClientUnderTest } from './testing/client-under-test.js';
import { ecf31, ISSUER, rfce } from './testing/signed-documents.js';

const party: DgiiParty = {
  tenantId: '018f0000-0000-7000-8000-000000000001',
  environment: 'testecf',
  rnc: ISSUER,
};

/** What takes more than one call to see; each fault × each operation is in fault-table. */
describe('under faults', () => {
  let simulator: Simulator;
  let client: ClientUnderTest;
  let number = 0;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    simulator = await startSimulator({ trust: 'any', validationDelayMs: 0 });
  });
  beforeEach(() => {
    client = new ClientUnderTest(simulator.url);
  });
  afterEach(async () => {
    simulator.control.clearFaults();
    await client.transport.close();
  });
  afterAll(() => simulator.close());

  const item = async (route: 'ecf' | 'rfce'): Promise<DgiiSendItem> => {
    number += 1;
    const { encf, xml } = await (route === 'ecf' ? ecf31(number) : rfce(number));
    return { documentId: newId(), route, encf, xml };
  };
  const arrivals = async (encf: string, service: 'recepcion' | 'recepcionfc'): Promise<number> => {
    const lines = await simulator.control.ledger({ encf, service });
    return lines.filter((line) => line.processed).length;
  };

  describe.each(['ecf', 'rfce'] as const)('sending by route %s', (route) => {
    const operation = route === 'ecf' ? 'recepcion' : 'recepcionfc';

    it('an early 401 costs one new token and one more try', async () => {
      const sent = await item(route);
      await client.tokens.current(party);
      simulator.control.addFault({
        kind: 'status',
        status: 401,
        body: 'empty',
        operation,
        times: 1,
      });
      const [outcome] = await client.sender.send(party, [sent]);
      expect(outcome).toMatchObject({ kind: route === 'ecf' ? 'received' : 'verdict' });
      expect(client.sign.signed).toBe(2);
      expect(await arrivals(sent.encf, operation)).toBe(1);
    });

    it('401 for ever costs one new token for all, then rests', async () => {
      const items = await Promise.all([item(route), item(route), item(route)]);
      await client.tokens.current(party);
      simulator.control.addFault({ kind: 'status', status: 401, body: 'empty', operation });
      const outcomes = await client.sender.send(party, items);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ kind: 'unavailable', reason: 'token.refused' });
      }
      expect(client.sign.signed).toBe(2);
      await client.sender.send(party, items);
      expect(client.sign.signed).toBe(2);
    });
  });

  it('a breaker opens after five failures, turns calls away, and tries again', async () => {
    const items = await Promise.all(Array.from({ length: BREAKER_FAILURES }, () => item('ecf')));
    const { environment } = party;
    const down = simulator.control.addFault({ kind: 'down', operation: 'recepcion', environment });
    for (const one of items) {
      expect(await client.sender.send(party, [one])).toMatchObject([{ kind: 'unknown' }]);
    }
    const turnedAway = await item('ecf');
    const [outcome] = await client.sender.send(party, [turnedAway]);
    expect(outcome).toMatchObject({ kind: 'unavailable', reason: 'breaker.open' });
    expect(await simulator.control.ledger({ encf: turnedAway.encf })).toHaveLength(0);
    expect(client.calls.states('testecf')).toContainEqual({
      operation: 'recepcion',
      state: 'open',
    });
    // Another operation and another environment are not concerned.
    expect(await client.sender.send(party, [await item('rfce')])).toMatchObject([
      { kind: 'verdict' },
    ]);
    const certification = { ...party, environment: 'certecf' as const };
    expect(await client.sender.send(certification, [await item('ecf')])).toMatchObject([
      { kind: 'received' },
    ]);

    simulator.control.removeFault(down);
    client.clock.shiftMs += BREAKER_OPEN_MS;
    for (let trial = 0; trial < 3; trial += 1) {
      expect(await client.sender.send(party, [await item('ecf')])).toMatchObject([
        { kind: 'received' },
      ]);
    }
    expect(client.calls.states('testecf')).toContainEqual({
      operation: 'recepcion',
      state: 'closed',
    });
    expect(await client.registry.metrics()).toMatch(
      /getupnet_dgii_breaker_rejected_total\{environment="testecf",operation="recepcion"\} 1/,
    );
  });

  it('En Proceso and a trackId not visible yet mean: ask again', async () => {
    const sent = await item('ecf');
    simulator.control.addFault({ kind: 'en-proceso', polls: 1, operation: 'recepcion', times: 1 });
    const [outcome] = await client.sender.send(party, [sent]);
    if (outcome?.kind !== 'received') throw new Error(JSON.stringify(outcome));
    const { documentId, encf } = sent;
    const asked = { documentId, encf, trackId: outcome.trackId };
    const fresh = { documentId, encf, trackId: newId() };
    expect(await client.consultant.results(party, [asked, fresh])).toMatchObject([
      { kind: 'pending', estado: 'En Proceso', known: true },
      { kind: 'pending', estado: 'No encontrado', known: false },
    ]);
    expect(await client.consultant.results(party, [asked])).toMatchObject([{ kind: 'verdict' }]);
  });

  it('a result about another document is foreign and counted', async () => {
    const sent = await item('ecf');
    const [outcome] = await client.sender.send(party, [sent]);
    if (outcome?.kind !== 'received') throw new Error(JSON.stringify(outcome));
    const other = { documentId: newId(), encf: 'E310000009999', trackId: outcome.trackId };
    expect(await client.consultant.results(party, [other])).toEqual([
      { kind: 'foreign', rnc: ISSUER, encf: sent.encf },
    ]);
    expect(await client.registry.metrics()).toMatch(
      /getupnet_dgii_foreign_answers_total\{environment="testecf",operation="consultaresultado"\} 1/,
    );
  });

  it('an address where nobody listens is unavailable, never unknown', async () => {
    await client.tokens.current(party);
    const gone = new ClientUnderTest('http://127.0.0.1:1');
    const [outcome] = await gone.sender.send(party, [await item('ecf')]);
    expect(outcome).toMatchObject({ kind: 'unavailable', reason: 'semilla.ECONNREFUSED' });
    await gone.transport.close();
  });

  it('the same number twice is told by DGII’s own code', async () => {
    const sent = await item('rfce');
    await client.sender.send(party, [sent]);
    const [again] = await client.sender.send(party, [sent]);
    expect(JSON.stringify(again)).toContain('1209');
  });
});

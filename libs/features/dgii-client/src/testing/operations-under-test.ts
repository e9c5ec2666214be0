import type { DgiiParty, Environment } from '@getupnet/contracts';
import type { FaultOperation } from '@getupnet/dgii-simulator';
import { newId } from '@getupnet/kernel';
import { Deadline } from '../calls/deadline.js';
import type { ClientUnderTest } from './client-under-test.js';
import {
  approvalOf31,
  BUYER,
  ecf31,
  ISSUER,
  rfce,
  voidOf31,
  type SignedFile,
} from './signed-documents.js';

const TENANT = '018f0000-0000-7000-8000-000000000001';
const DEADLINE_MS = 20_000;

export const partyIn = (environment: Environment, rnc = ISSUER): DgiiParty => ({
  tenantId: TENANT,
  environment,
  rnc,
});

/** How an operation is asked, which decides what may follow from a fault. */
export type OperationClass = 'upload' | 'query' | 'token';

/** Outcome of the use case in one word, and the e-NCF the ledger knows it under. */
export interface Exercised {
  readonly word: string;
  readonly encf?: string;
}

export interface OperationUnderTest {
  /** The simulator's name of it. */
  readonly operation: FaultOperation;
  /** Where it is exercised; null on the status host, which serves all. */
  readonly environment: Environment | null;
  readonly asked: OperationClass;
  /** What the use case says when nothing is wrong. */
  readonly good: string;
  /** Everything up to the call itself, without faults. */
  readonly prepare: (client: ClientUnderTest, number: number) => Promise<() => Promise<Exercised>>;
}

const word = (outcome: { kind: string } | undefined): string => {
  if (outcome?.kind !== 'verdict' && outcome?.kind !== 'answered')
    return outcome?.kind ?? 'nothing';
  const { verdict } = outcome as unknown as { verdict: { status: string } };
  return verdict.status;
};

const answered = (kind: string): string => (kind === 'ok' ? kind : 'unavailable');

const deadline = (): Deadline => Deadline.in(DEADLINE_MS);

async function sent(
  client: ClientUnderTest,
  route: 'ecf' | 'rfce',
  file: SignedFile,
  environment: Environment,
) {
  const item = { documentId: newId(), route, ...file };
  const [outcome] = await client.sender.send(partyIn(environment), [item]);
  return outcome;
}

const finding = (route: 'ecf' | 'rfce', { encf, codigoSeguridad }: SignedFile) => ({
  documentId: newId(),
  route,
  encf,
  codigoSeguridad,
  buyerRnc: null,
});

/** Every operation of the client, through the use case that makes it. */
export const OPERATIONS_UNDER_TEST: readonly OperationUnderTest[] = [
  token('semilla'),
  token('validarsemilla'),
  {
    operation: 'recepcion',
    environment: 'testecf',
    asked: 'upload',
    good: 'received',
    prepare: async (client, number) => {
      const file = await ecf31(number);
      await client.tokens.current(partyIn('testecf'));
      return async () => ({
        word: word(await sent(client, 'ecf', file, 'testecf')),
        encf: file.encf,
      });
    },
  },
  {
    operation: 'recepcionfc',
    environment: 'testecf',
    asked: 'upload',
    good: 'ACCEPTED',
    prepare: async (client, number) => {
      const file = await rfce(number);
      await client.tokens.current(partyIn('testecf'));
      return async () => ({
        word: word(await sent(client, 'rfce', file, 'testecf')),
        encf: file.encf,
      });
    },
  },
  {
    operation: 'consultaresultado',
    environment: 'certecf',
    asked: 'query',
    good: 'ACCEPTED',
    prepare: async (client, number) => {
      const file = await ecf31(number);
      const outcome = await sent(client, 'ecf', file, 'certecf');
      if (outcome?.kind !== 'received') throw new Error(JSON.stringify(outcome));
      const item = { documentId: newId(), encf: file.encf, trackId: outcome.trackId };
      return async () => {
        const [result] = await client.consultant.results(partyIn('certecf'), [item]);
        return { word: word(result), encf: file.encf };
      };
    },
  },
  find('consultatrackids', 'ecf', 'testecf', 'tracked'),
  find('consultaestado', 'rfce', 'testecf', 'ACCEPTED'),
  find('consultarfce', 'rfce', 'ecf', 'ACCEPTED'),
  {
    operation: 'aprobacioncomercial',
    environment: 'testecf',
    asked: 'upload',
    good: 'ACCEPTED',
    prepare: async (client, number) => {
      await sent(client, 'ecf', await ecf31(number), 'testecf');
      const { encf, xml } = await approvalOf31(number);
      const party = partyIn('testecf', BUYER);
      await client.tokens.current(party);
      return async () => {
        const items = [{ documentId: newId(), encf, xml }];
        const [outcome] = await client.declarations.approvals(party, items, deadline());
        return { word: word(outcome) };
      };
    },
  },
  {
    operation: 'anulacionrangos',
    environment: 'testecf',
    asked: 'upload',
    good: 'ACCEPTED',
    prepare: async (client, number) => {
      const xml = await voidOf31(number, number);
      const party = partyIn('testecf');
      await client.tokens.current(party);
      return async () => {
        const items = [{ documentId: newId(), xml }];
        const [outcome] = await client.declarations.voids(party, items, deadline());
        return { word: word(outcome) };
      };
    },
  },
  directory('directorioporrnc', 'ecf'),
  directory('directoriolistado', 'testecf'),
  status('obtenerestatus', (client) => client.status.statuses('ecf', 'key')),
  status('obtenerventanasmantenimiento', (client) =>
    client.status.maintenanceWindows('ecf', 'key'),
  ),
  status('verificarestado', (client) => client.status.available('ecf', 'key')),
];

function token(operation: 'semilla' | 'validarsemilla'): OperationUnderTest {
  return {
    operation,
    environment: 'ecf',
    asked: 'token',
    good: 'token',
    prepare: (client) =>
      Promise.resolve(async () => ({ word: (await client.tokens.current(partyIn('ecf'))).kind })),
  };
}

function find(
  operation: FaultOperation,
  route: 'ecf' | 'rfce',
  environment: Environment,
  good: string,
): OperationUnderTest {
  return {
    operation,
    environment,
    asked: 'query',
    good,
    prepare: async (client, number) => {
      const file = await (route === 'ecf' ? ecf31(number) : rfce(number));
      await sent(client, route, file, environment);
      return async () => {
        const [found] = await client.finder.find(partyIn(environment), [finding(route, file)]);
        return { word: word(found), encf: file.encf };
      };
    },
  };
}

function directory(operation: FaultOperation, environment: Environment): OperationUnderTest {
  return {
    operation,
    environment,
    asked: 'query',
    good: 'ok',
    prepare: async (client) => {
      const party = partyIn(environment);
      await client.tokens.current(party);
      return async () => {
        const context = { party, operation: 'consultadirectorio', deadline: deadline() } as const;
        const { kind } = await client.authorised.run(context, (call) =>
          client.api.directory(call, BUYER),
        );
        return { word: answered(kind) };
      };
    },
  };
}

function status(
  operation: FaultOperation,
  ask: (
    client: ClientUnderTest,
  ) => ReturnType<ClientUnderTest['status']['statuses' | 'available' | 'maintenanceWindows']>,
): OperationUnderTest {
  return {
    operation,
    environment: null,
    asked: 'query',
    good: 'ok',
    prepare: (client) =>
      Promise.resolve(async () => {
        const whose = { deadline: deadline() };
        const { kind } = await client.calls.run<unknown>(
          'ecf',
          'estatusservicios',
          () => ask(client),
          whose,
        );
        return { word: answered(kind) };
      }),
  };
}

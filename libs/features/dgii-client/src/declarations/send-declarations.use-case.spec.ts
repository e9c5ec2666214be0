import type { DgiiParty } from '@getupnet/contracts';
import type { DgiiAnswer, DgiiApi, VoidAnswer } from '@getupnet/dgii-api';
import { newId, SystemClock } from '@getupnet/kernel';
import type { AuthorisedCalls, CallContext } from '../calls/authorised-calls.js';
import { Deadline } from '../calls/deadline.js';
import type { ForeignAnswer, Incidents } from '../calls/incidents.js';
import { SendDeclarations } from './send-declarations.use-case.js';

const party: DgiiParty = { tenantId: newId(), environment: 'testecf', rnc: '131880738' };
const item = () => ({ documentId: newId(), xml: '<ANECF/>' });
const answerOf = (rnc: string): DgiiAnswer<VoidAnswer> => ({
  kind: 'ok',
  value: { rnc, nombre: null, codigo: '1', mensajes: [] },
  raw: '{}',
});

describe('SendDeclarations', () => {
  const incidents: ForeignAnswer[] = [];
  let contexts: CallContext[];
  let answers: (DgiiAnswer<VoidAnswer> | Error)[];
  const run = (context: CallContext) => {
    contexts.push(context);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const sender = new SendDeclarations(
    {} as DgiiApi,
    { run } as unknown as AuthorisedCalls,
    { foreign: (one: ForeignAnswer) => incidents.push(one) } as unknown as Incidents,
    new SystemClock(),
  );

  beforeEach(() => {
    incidents.length = 0;
    contexts = [];
    answers = [];
  });

  it('DGI-3: an answer about another issuer is an incident and decides nothing', async () => {
    answers = [answerOf('101010101'), answerOf(party.rnc)];
    const [first, second] = [item(), item()];
    expect(await sender.voids(party, [first, second], Deadline.in(1_000))).toMatchObject([
      { kind: 'unknown', reason: 'answer.foreign' },
      { kind: 'answered', verdict: { status: 'ACCEPTED' } },
    ]);
    expect(incidents).toMatchObject([
      {
        documentId: first.documentId,
        operation: 'anulacionrangos',
        answered: { rnc: '101010101' },
      },
    ]);
  });

  it('sends nothing twice, whatever comes', async () => {
    answers = [
      { kind: 'lost', reason: 'timeout' },
      { kind: 'unusable', reason: 'http.500', httpStatus: 500, raw: '' },
    ];
    expect(await sender.voids(party, [item(), item()], Deadline.in(1_000))).toMatchObject([
      { kind: 'unknown', raw: null },
      { kind: 'unknown', raw: '' },
    ]);
    expect(contexts).toHaveLength(2);
  });

  it('a bug in one item hides nothing of the others and never passes for "not sent"', async () => {
    answers = [new Error('bug'), answerOf(party.rnc)];
    expect(await sender.voids(party, [item(), item()], Deadline.in(1_000))).toMatchObject([
      { kind: 'unknown', reason: 'internal' },
      { kind: 'answered' },
    ]);
  });

  it('asks nothing where there is no such service', async () => {
    const certification = { ...party, environment: 'certecf' as const };
    expect(await sender.voids(certification, [item()], Deadline.in(1_000))).toEqual([
      { kind: 'unsupported' },
    ]);
    expect(contexts).toEqual([]);
  });
});

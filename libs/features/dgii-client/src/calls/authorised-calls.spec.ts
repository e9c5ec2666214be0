import type { DgiiParty } from '@getupnet/contracts';
import type { DgiiAnswer } from '@getupnet/dgii-api';
import { AppError } from '@getupnet/kernel';
import { Logger } from '@nestjs/common';
import type { ProductionGate } from '../gateway/production-gate.js';
import type { Token } from '../token/token.js';
import type { Tokens } from '../token/tokens.js';
import { AuthorisedCalls } from './authorised-calls.js';
import { Deadline } from './deadline.js';
import { unavailable, type DgiiCalls } from './dgii-calls.js';
import { DGII_OPERATIONS } from './dgii-operations.js';

const party: DgiiParty = { tenantId: 'tenant', environment: 'ecf', rnc: '131880681' };
const token = (name: string): Token => ({
  kind: 'token',
  token: name,
  sealed: name,
  thumbprint: 't',
  expiresAtMs: 0,
});
const unauthorized = { kind: 'unauthorized', mensajes: [], raw: '' } as const;
const ok = { kind: 'ok', value: 1, raw: '' } as const;

describe('AuthorisedCalls', () => {
  const setUp = (
    allows: () => Promise<boolean> = () => Promise.resolve(true),
    current: () => Promise<Token> = () => Promise.resolve(token('A')),
  ) => {
    const asked: string[] = [];
    const tokens = {
      current,
      replace: () => Promise.resolve(token('B')),
      refused: () => unavailable('token.refused', 1),
    } as unknown as Tokens;
    const calls = {
      run: (_environment: string, _operation: string, call: () => Promise<unknown>) => call(),
    } as unknown as DgiiCalls;
    const authorised = new AuthorisedCalls({ allows } as unknown as ProductionGate, tokens, calls);
    const run = (answers: readonly DgiiAnswer<number>[], deadline = Deadline.in(5_000)) =>
      authorised.run({ party, operation: 'recepcion', deadline }, (call) => {
        asked.push(call.token);
        return Promise.resolve(answers[asked.length - 1] ?? ok);
      });
    return { authorised, run, asked };
  };

  beforeAll(() => Logger.overrideLogger(false));

  it('DGI-1: one 401 is one new token and one more try, not two', async () => {
    const once = setUp();
    expect(await once.run([unauthorized, ok])).toMatchObject({ kind: 'ok' });
    expect(once.asked).toEqual(['A', 'B']);
    const forEver = setUp();
    const answer = await forEver.run([unauthorized, unauthorized, unauthorized]);
    expect(answer).toMatchObject({ kind: 'unavailable', reason: 'token.refused' });
    expect(forEver.asked).toEqual(['A', 'B']);
  });

  it.each(DGII_OPERATIONS)(
    'EMI-7: %s does not reach production without leave',
    async (operation) => {
      const { authorised, asked } = setUp(() => Promise.resolve(false));
      const answer = await authorised.run(
        { party, operation, deadline: Deadline.in(5_000) },
        () => {
          asked.push('called');
          return Promise.resolve(ok);
        },
      );
      expect(answer).toMatchObject({ kind: 'unavailable', reason: 'env.forbidden' });
      expect(asked).toEqual([]);
    },
  );

  it('is certainly unsent when the leave cannot be read or no time is left', async () => {
    const down = setUp(() => Promise.reject(new AppError('dependency.unavailable')));
    expect(await down.run([ok])).toMatchObject({ reason: 'dependency.unavailable' });
    const renewing = setUp(
      () => Promise.resolve(true),
      () => new Promise<never>(() => undefined),
    );
    expect(await renewing.run([ok], Deadline.in(30))).toMatchObject({ reason: 'deadline' });
    const late = setUp();
    expect(await late.run([ok], Deadline.in(400))).toMatchObject({ reason: 'deadline' });
    expect([...down.asked, ...renewing.asked, ...late.asked]).toEqual([]);
  });
});

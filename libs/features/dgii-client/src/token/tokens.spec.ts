import type { DgiiParty, Sign } from '@getupnet/contracts';
import { AppError, Clock } from '@getupnet/kernel';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { unavailable, type Unavailable } from '../calls/dgii-calls.js';
import type { TokenRenewal } from './token-renewal.js';
import type { Token, TokenKey } from './token.js';
import { Tokens } from './tokens.js';

const MINUTE_MS = 60_000;
const party: DgiiParty = { tenantId: 'tenant', environment: 'testecf', rnc: '131880681' };

class TestClock extends Clock {
  ms = 1_000_000;
  override now(): Date {
    return new Date(this.ms);
  }
}

/** Answers tokens A, B, C… in turn; can be told to fail or to hang. */
class FakeRenewal {
  readonly asked: { key: TokenKey; rejected: string | null }[] = [];
  failure: Unavailable | Error | null = null;
  gate: Promise<void> = Promise.resolve();
  constructor(private readonly clock: TestClock) {}

  async obtain(key: TokenKey, rejected: string | null): Promise<Token | Unavailable> {
    this.asked.push({ key, rejected });
    const name = String.fromCharCode(64 + this.asked.length);
    await this.gate;
    if (this.failure instanceof Error) throw this.failure;
    if (this.failure) return this.failure;
    return {
      kind: 'token',
      token: name,
      sealed: `sealed-${name}`,
      thumbprint: key.thumbprint,
      expiresAtMs: this.clock.ms + 55 * MINUTE_MS,
    };
  }
}

describe('Tokens', () => {
  let clock: TestClock;
  let renewal: FakeRenewal;
  let thumbprint: () => Promise<string>;
  let tokens: Tokens;

  beforeAll(() => Logger.overrideLogger(false));
  afterEach(() => void jest.restoreAllMocks());
  beforeEach(() => {
    clock = new TestClock();
    renewal = new FakeRenewal(clock);
    thumbprint = () => Promise.resolve('thumb-1');
    const sign = { activeThumbprint: () => thumbprint() } as unknown as Sign;
    tokens = new Tokens(renewal as unknown as TokenRenewal, sign, clock);
  });

  const token = async (): Promise<Token> => {
    const current = await tokens.current(party);
    if (current.kind !== 'token') throw new Error(current.reason);
    return current;
  };

  it('obtains once for many callers at a time and keeps the token', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => token()));
    expect(new Set(all.map((one) => one.token))).toEqual(new Set(['A']));
    expect((await token()).token).toBe('A');
    expect(renewal.asked).toHaveLength(1);
  });

  it('keeps tenants and environments apart', async () => {
    await token();
    await tokens.current({ ...party, environment: 'certecf' });
    await tokens.current({ ...party, tenantId: 'other' });
    expect(renewal.asked.map(({ key }) => `${key.tenantId}/${key.environment}`)).toEqual([
      'tenant/testecf',
      'tenant/certecf',
      'other/testecf',
    ]);
  });

  it('obtains another one when it expires', async () => {
    await token();
    clock.ms += 55 * MINUTE_MS - 1;
    expect((await token()).token).toBe('A');
    clock.ms += 1;
    expect((await token()).token).toBe('B');
  });

  it('notices another certificate within a minute', async () => {
    await token();
    thumbprint = () => Promise.resolve('thumb-2');
    clock.ms += MINUTE_MS - 1;
    expect((await token()).thumbprint).toBe('thumb-1');
    clock.ms += 1;
    expect((await token()).thumbprint).toBe('thumb-2');
  });

  it('goes on with a valid token while the signer is away', async () => {
    await token();
    thumbprint = () => Promise.reject(new AppError('dependency.unavailable'));
    clock.ms += 2 * MINUTE_MS;
    expect((await token()).token).toBe('A');
  });

  it('asks a signer that is away every five seconds, not at every call', async () => {
    await token();
    let asked = 0;
    thumbprint = () => {
      asked += 1;
      return Promise.reject(new AppError('dependency.unavailable'));
    };
    clock.ms += MINUTE_MS;
    for (let i = 0; i < 10; i += 1) expect((await token()).token).toBe('A');
    expect(asked).toBe(1);
    clock.ms += 5_000;
    await token();
    expect(asked).toBe(2);
  });

  it.each([
    [new AppError('dependency.unavailable'), 'warn'],
    [new AppError('cert.missing'), 'error'],
    [new TypeError('not a function'), 'error'],
  ] as const)('says of %s that it is a matter to %s of', async (error, level) => {
    const logged = {
      warn: jest.spyOn(Logger.prototype, 'warn'),
      error: jest.spyOn(Logger.prototype, 'error'),
    };
    thumbprint = () => Promise.reject(error);
    await tokens.current(party);
    const message = { message: 'no DGII token', err: error };
    expect(logged[level].mock.calls).toEqual([[expect.objectContaining(message)]]);
    expect(logged[level === 'warn' ? 'error' : 'warn']).not.toHaveBeenCalled();
  });

  it.each(['cert.missing', 'cert.expired'] as const)(
    'drops the token when there is no certificate in force any more: %s',
    async (code) => {
      await token();
      thumbprint = () => Promise.reject(new AppError(code));
      clock.ms += MINUTE_MS;
      expect(await tokens.current(party)).toMatchObject({ kind: 'unavailable', reason: code });
      thumbprint = () => Promise.reject(new AppError('dependency.unavailable'));
      clock.ms += 2_000;
      expect(await tokens.current(party)).toMatchObject({ kind: 'unavailable' });
    },
  );

  it('does not use the token of a certificate that was replaced, and rests when there is no other', async () => {
    await token();
    thumbprint = () => Promise.resolve('thumb-2');
    renewal.failure = unavailable('semilla.timeout', 5_000);
    clock.ms += MINUTE_MS;
    for (let i = 0; i < 3; i += 1) {
      expect(await tokens.current(party)).toMatchObject({ reason: 'semilla.timeout' });
    }
    expect(renewal.asked).toHaveLength(2);
  });

  it('replaces a rejected token once for all who were rejected', async () => {
    const rejected = await token();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => tokens.replace(party, rejected)),
    );
    expect(new Set(all.map((one) => (one.kind === 'token' ? one.token : one.kind)))).toEqual(
      new Set(['B']),
    );
    expect(renewal.asked.slice(1)).toEqual([{ key: expect.anything(), rejected: 'sealed-A' }]);
    // A late complaint about the old token finds the new one.
    expect(await tokens.replace(party, rejected)).toMatchObject({ token: 'B' });
    expect(renewal.asked).toHaveLength(2);
  });

  it('does not hand the rejected token out again from a renewal that was already under way', async () => {
    const rejected = await token();
    thumbprint = () => renewal.gate.then(() => 'thumb-1');
    let open = (): void => undefined;
    renewal.gate = new Promise((resolve) => (open = resolve));
    clock.ms += MINUTE_MS;
    const check = tokens.current(party);
    const replaced = tokens.replace(party, rejected);
    open();
    expect(await check).toMatchObject({ token: 'A' });
    expect(await replaced).toMatchObject({ token: 'B' });
  });

  it('rests after DGII refused a fresh token', async () => {
    const fresh = await token();
    expect(tokens.refused(party, fresh, 'no')).toMatchObject({ reason: 'token.refused' });
    clock.ms += 9_999;
    expect(await tokens.current(party)).toEqual(unavailable('token.refused', 1));
    expect(renewal.asked).toHaveLength(1);
    clock.ms += 1;
    expect((await token()).token).toBe('B');
  });

  it('asks nobody again for a minute after DGII refused the signer in words', async () => {
    const reason = 'validarsemilla.refused: El firmante no es delegado';
    renewal.failure = unavailable(reason, 300_000);
    expect(await tokens.current(party)).toEqual(renewal.failure);
    clock.ms += 5_000;
    expect(await tokens.current(party)).toEqual(unavailable(reason, 55_000));
    expect(await tokens.current({ ...party, tenantId: 'other' })).toEqual(renewal.failure);
    clock.ms += 54_999;
    expect(await tokens.current(party)).toEqual(unavailable(reason, 1));
    expect(renewal.asked.map(({ key }) => key.tenantId)).toEqual(['tenant', 'other']);
    renewal.failure = null;
    clock.ms += 1;
    expect((await token()).kind).toBe('token');
  });

  it.each<[string, Unavailable | Error, string]>([
    ['DGII is away', unavailable('semilla.timeout', 5_000), 'semilla.timeout'],
    ['no certificate is in force', new AppError('cert.expired'), 'cert.expired'],
    ['something breaks', new Error('boom'), 'token.failed'],
  ])('is unavailable, and rests, when %s', async (_name, failure, reason) => {
    renewal.failure = failure;
    expect(await tokens.current(party)).toMatchObject({ kind: 'unavailable', reason });
    expect(await tokens.current(party)).toMatchObject({ kind: 'unavailable', reason });
    expect(renewal.asked).toHaveLength(1);
    renewal.failure = null;
    clock.ms += 2_000;
    expect((await token()).token).toBe('B');
  });
});

import { randomBytes } from 'node:crypto';
import { SystemClock } from '@getupnet/kernel';
import { KeyRing, Sealer } from '@getupnet/secrets';
import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import { Logger } from '@nestjs/common';
import type { Unavailable } from '../calls/dgii-calls.js';
import { unavailable } from '../calls/dgii-calls.js';
import { DgiiTokenRepository } from './dgii-token.repository.js';
import type { IssuedToken, TokenIssuer } from './token-issuer.js';
import { TokenRenewal } from './token-renewal.js';
import { TokenVault } from './token-vault.js';
import type { TokenKey } from './token.js';

const HOUR_MS = 3_600_000;
const newSealer = (): Sealer => new Sealer(KeyRing.of(randomBytes(32).toString('base64')));
const issued = (token: string, lifetimeMs = HOUR_MS): IssuedToken => ({
  kind: 'issued',
  token,
  lifetimeMs,
});

describe('tokens shared by replicas', () => {
  const database = useTestDatabase();
  const sealer = newSealer();
  const clock = new SystemClock();
  let tenant: TestTenant;
  let key: TokenKey;

  const replica = (withSealer = sealer): TokenVault =>
    new TokenVault(database().tenantDb, new DgiiTokenRepository(), withSealer, clock);
  const claim = async (vault: TokenVault, rejected: string | null = null): Promise<string> => {
    const found = await vault.findOrClaim(key, rejected);
    if (found.kind !== 'claimed') throw new Error(found.kind);
    return found.claim;
  };
  const runOut = (): Promise<number> =>
    database().tenantDb.run(
      tenant,
      (tx) => tx.$executeRaw`UPDATE dgii_token SET expires_at = now()`,
    );

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    tenant = await createTestTenant(database());
    key = { tenantId: tenant.id, environment: 'testecf', thumbprint: 'f'.repeat(64) };
  });

  it('one claims, the others wait, all find what it stored', async () => {
    const [one, other] = [replica(), replica()];
    const id = await claim(one);
    expect(await other.findOrClaim(key, null)).toEqual({ kind: 'busy' });
    const stored = await one.store(key, id, issued('secret-token'));
    expect(stored).toMatchObject({ token: 'secret-token', thumbprint: key.thumbprint });
    const found = await other.findOrClaim(key, null);
    expect(found).toMatchObject({ kind: 'token', token: 'secret-token', sealed: stored.sealed });
    expect(Math.abs(stored.expiresAtMs - (Date.now() + HOUR_MS))).toBeLessThan(5_000);
  });

  it('is sealed in the database, for this tenant, environment and certificate only', async () => {
    const vault = replica();
    const { sealed } = await vault.store(key, await claim(vault), issued('secret-token'));
    const rows = await database().tenantDb.run(tenant, (tx) => tx.dgiiToken.findMany());
    expect(rows).toMatchObject([{ sealed }]);
    expect(JSON.stringify(rows)).not.toContain('secret-token');
    const others: TokenKey[] = [
      { ...key, environment: 'ecf' },
      { ...key, thumbprint: 'e'.repeat(64) },
      { ...key, tenantId: (await createTestTenant(database())).id },
    ];
    for (const other of others) {
      expect(await vault.findOrClaim(other, null)).toMatchObject({ kind: 'claimed' });
    }
  });

  it('an expired token and a claim that ran out can be claimed; the late one overwrites nothing', async () => {
    const vault = replica();
    const crashed = await claim(vault);
    await runOut();
    const next = await claim(vault);
    await vault.store(key, crashed, issued('late'));
    await vault.release(key, crashed);
    expect(await vault.findOrClaim(key, null)).toEqual({ kind: 'busy' });
    await vault.store(key, next, issued('good'));
    expect(await vault.findOrClaim(key, null)).toMatchObject({ token: 'good' });
    await runOut();
    expect(await vault.findOrClaim(key, null)).toMatchObject({ kind: 'claimed' });
  });

  it('a released claim lets the next one try at once', async () => {
    const vault = replica();
    await vault.release(key, await claim(vault));
    await claim(replica());
  });

  it('replaces exactly the token that DGII rejected', async () => {
    const vault = replica();
    const first = await vault.store(key, await claim(vault), issued('first'));
    const id = await claim(vault, first.sealed);
    const second = await vault.store(key, id, issued('second'));
    // A replica that still complains about the first finds the second.
    expect(await replica().findOrClaim(key, first.sealed)).toMatchObject({
      kind: 'token',
      sealed: second.sealed,
    });
  });

  it('a token under a key that is gone is obtained anew', async () => {
    const vault = replica();
    await vault.store(key, await claim(vault), issued('old'));
    const id = await claim(replica(newSealer()));
    expect(id).toEqual(expect.any(String));
  });

  describe('renewal', () => {
    const renewals = (count: number, issue: () => Promise<IssuedToken | Unavailable>) =>
      Array.from(
        { length: count },
        () => new TokenRenewal(replica(), { issue } as unknown as TokenIssuer),
      );

    it('asks DGII once for many replicas at a time', async () => {
      let asked = 0;
      const replicas = renewals(6, () => Promise.resolve(issued(`token-${(asked += 1)}`)));
      const tokens = await Promise.all(replicas.map((one) => one.obtain(key, null)));
      expect(new Set(tokens.map((one) => one.kind === 'token' && one.token))).toEqual(
        new Set(['token-1']),
      );
      expect(asked).toBe(1);
    });

    it('leaves the way free after a failure of any kind', async () => {
      const outcomes: (() => Promise<IssuedToken | Unavailable>)[] = [
        () => Promise.resolve(unavailable('semilla.timeout', 5)),
        () => Promise.reject(new Error('boom')),
        () => Promise.resolve(issued('at last')),
      ];
      const [renewal] = renewals(1, () => outcomes.shift()!());
      expect(await renewal!.obtain(key, null)).toMatchObject({ reason: 'semilla.timeout' });
      await expect(renewal!.obtain(key, null)).rejects.toThrow('boom');
      expect(await renewal!.obtain(key, null)).toMatchObject({ token: 'at last' });
    });
  });
});

import { availableParallelism } from 'node:os';
import type { RunningServices } from '@getupnet/platform';
import { createTestTenant, FakeClock, useTestDatabase } from '@getupnet/testkit';
import { jest } from '@jest/globals';
import argon2 from 'argon2';
import { HASH_COST } from './passwords.js';
import { PASSWORD, addPerson, call, startAuth, type Answer } from '../test-support.js';

const LOGINS = 64;
const clock = new FakeClock('2026-11-21T12:00:00Z');
/** The memory of the product's hashes, in one pass: the suite need not be slow as well. */
const COST = { ...HASH_COST, timeCost: 2 };
const database = useTestDatabase();

interface Watched {
  most: number;
  hashed: number;
}

/** Counts hashes under way; they run as they are. */
function watch(): Watched {
  const watched = { most: 0, hashed: 0 };
  let running = 0;
  const real = argon2.verify;
  jest.spyOn(argon2, 'verify').mockImplementation(async (...call) => {
    running += 1;
    watched.hashed += 1;
    watched.most = Math.max(watched.most, running);
    try {
      return await real(...call);
    } finally {
      running -= 1;
    }
  });
  return watched;
}
afterEach(() => jest.restoreAllMocks());

async function people(count: number): Promise<readonly string[]> {
  const tenant = await createTestTenant(database());
  const passwordHash = await argon2.hash(PASSWORD, { ...COST, type: argon2.argon2id });
  const roles = { [tenant.id]: 'operator' };
  const made = await Promise.all(
    Array.from({ length: count }, () => addPerson(database(), { passwordHash, roles })),
  );
  return made.map(({ email }) => email);
}

async function withService(
  values: Record<string, string>,
  work: (services: RunningServices) => Promise<void>,
): Promise<void> {
  const services = await startAuth(database(), { clock, values, cost: COST });
  try {
    await work(services);
  } finally {
    await services.close();
  }
}

const loginAll = (services: RunningServices, emails: readonly string[]): Promise<Answer>[] =>
  emails.map((email) => call(services.publicUrl, '/auth/login', { email, password: PASSWORD }));

test('AUT-1: 64 logins at once: a few hashes at a time, and others are served meanwhile', async () => {
  await withService({ AUTH_PASSWORD_QUEUE: '64' }, async (services) => {
    const emails = await people(LOGINS);
    const watched = watch();
    const before = process.memoryUsage().rss;
    let done = 0;
    const logins = loginAll(services, emails).map(async (login) => {
      const answer = await login;
      done += 1;
      return answer;
    });
    // Each of these asks the database, as everything does, and is answered before the logins are.
    for (let at = 0; at < 10; at += 1) {
      expect((await call(services.publicUrl, '/auth/jwks')).status).toBe(200);
    }
    expect(done).toBeLessThan(LOGINS);
    const answers = await Promise.all(logins);
    const grown = process.memoryUsage().rss - before;
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(watched).toEqual({ most: Math.min(2, availableParallelism()), hashed: LOGINS });
    // 64 hashes at once would be 4 GiB.
    expect(grown).toBeLessThan(1024 * 1024 * 1024);
  });
}, 120_000);

test('AUT-1: who finds the queue full is told so at once, and nothing was hashed', async () => {
  const values = { AUTH_PASSWORD_QUEUE: '4', AUTH_PASSWORD_SLOTS: '1' };
  await withService(values, async (services) => {
    const emails = await people(LOGINS);
    const watched = watch();
    const answers = await Promise.all(loginAll(services, emails));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { code, headers } of refused) {
      expect([code, headers.get('retry-after')]).toEqual(['rate.limited', '2']);
    }
    expect(watched).toEqual({ most: 1, hashed: LOGINS - refused.length });
    // Being refused is no failure: the same people log in afterwards.
    const email = emails[answers.findIndex(({ status }) => status === 429)] ?? '';
    const again = await call(services.publicUrl, '/auth/login', { email, password: PASSWORD });
    expect(again.status).toBe(200);
  });
}, 120_000);

import { availableParallelism } from 'node:os';
import type { RunningServices } from '@getupnet/platform';
import { createTestTenant, FakeClock, useTestDatabase, waitFor } from '@getupnet/testkit';
import { jest } from '@jest/globals';
import argon2 from 'argon2';
import { PASSWORD, addPerson, call, startAuth, type Answer } from '../test-support.js';

const LOGINS = 64;
const clock = new FakeClock('2026-11-21T12:00:00Z');
/** A quarter of the memory and half of the passes: enough to tell, and none of it waits too long. */
const COST = { timeCost: 2, memoryCost: 16_384, parallelism: 1 };
const database = useTestDatabase();

interface Watched {
  /** At once. */
  most: number;
  hashed: number;
}

const memory = { peak: 0 };
const sampleMemory = (): void => {
  memory.peak = Math.max(memory.peak, process.memoryUsage().rss);
};

/** Counts hashes under way; they run as they are, once the gate is open. */
function watch(gate: Promise<void> = Promise.resolve()): Watched {
  const watched = { most: 0, hashed: 0 };
  let running = 0;
  const real = argon2.verify;
  jest.spyOn(argon2, 'verify').mockImplementation(async (...call) => {
    running += 1;
    watched.hashed += 1;
    watched.most = Math.max(watched.most, running);
    try {
      const right = await real(...call);
      await gate;
      return right;
    } finally {
      // The others still have theirs.
      sampleMemory();
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
    let open: () => void = () => undefined;
    const watched = watch(new Promise((resolve) => (open = resolve)));
    const before = process.memoryUsage().rss;
    memory.peak = before;
    const logins = loginAll(services, emails);
    await waitFor(() => watched.hashed > 0);
    // Until the gate opens no login ends. Others do, and ask the database as everything does.
    for (let at = 0; at < 10; at += 1) {
      expect((await call(services.publicUrl, '/auth/jwks')).status).toBe(200);
    }
    open();
    const answers = await Promise.all(logins);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(watched).toEqual({ most: Math.min(2, availableParallelism()), hashed: LOGINS });
    // 64 hashes at once would be a GiB.
    expect(memory.peak - before).toBeLessThan(256 * 1024 * 1024);
  });
});

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
});

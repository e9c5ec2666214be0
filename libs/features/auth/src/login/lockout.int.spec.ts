import { Config, type EnvSpec } from '@getupnet/platform';
import { IdentityDb } from '@getupnet/persistence';
import { FakeClock, useTestDatabase } from '@getupnet/testkit';
import { authEnv } from '../auth-env.js';
import { Lockout, type Failed, type Subject } from './lockout.js';

const MINUTE = 60_000;
const config = new Config(new Map<EnvSpec, unknown>([[authEnv, { AUTH_ADDRESS_FAILURES: 3 }]]));
const clock = new FakeClock('2026-11-21T12:00:00Z');
const lockout = new Lockout(clock, config);
const database = useTestDatabase();
let db: IdentityDb;
beforeAll(() => {
  db = new IdentityDb(database().pools);
});

const fail = (subject: Subject): Promise<Failed> => db.run((tx) => lockout.fail(tx, subject));
const refuse = (subject: Subject): Promise<void> =>
  db.run((tx) => lockout.refuseLocked(tx, [subject]));

test('AUT-2: fifty failures at once are fifty', async () => {
  const subject = lockout.account('fifty@example.com');
  const failed = await Promise.all(Array.from({ length: 50 }, () => fail(subject)));
  const numbers = failed.map(({ failures }) => failures).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
  const locked = failed.filter(({ lockedUntil }) => lockedUntil !== null);
  expect(locked).toHaveLength(46);
}, 30_000);

test('a lock does not grow by being tried, and starts anew once it is over', async () => {
  const subject = lockout.account('lock@example.com');
  for (let at = 0; at < 5; at += 1) await fail(subject);
  const until = new Date(clock.now().getTime() + 15 * MINUTE);
  clock.advance(10 * MINUTE);
  expect(await fail(subject)).toEqual({ failures: 6, lockedUntil: until });
  await expect(refuse(subject)).rejects.toMatchObject({ code: 'auth.locked', retryAfterS: 300 });
  clock.advance(5 * MINUTE);
  await refuse(subject);
  expect(await fail(subject)).toEqual({ failures: 1, lockedUntil: null });
});

test('a network is one address', () => {
  const key = (address: string): string => lockout.address(address).key;
  expect(key('2001:db8:1:2:3:4:5:6')).toBe(key('2001:db8:1:2::9'));
  expect(key('2001:db8::1')).toBe('address:2001:db8:0:0::/64');
  expect(key('2001:db8:1:2::9')).not.toBe(key('2001:db8:1:3::9'));
  expect(key('::1')).toBe('address:0:0:0:0::/64');
  expect(key('203.0.113.9')).toBe('address:203.0.113.9');
  expect(key('::ffff:203.0.113.9')).toBe('address:203.0.113.9');
});

test('subjects not heard of for a day are forgotten, the others are not', async () => {
  const [old, recent] = [lockout.account('old@example.com'), lockout.account('new@example.com')];
  await fail(old);
  clock.advance(24 * 60 * MINUTE + 1);
  await fail(recent);
  await db.run((tx) => lockout.tidy(tx));
  const left = await db.run((tx) => tx.loginFailure.findMany({ select: { subject: true } }));
  expect(left).toEqual([{ subject: recent.key }]);
});

import { jest } from '@jest/globals';
import { Config, type EnvSpec } from '@getupnet/platform';
import argon2 from 'argon2';
import { authEnv } from '../auth-env.js';
import { HASH_COST, Passwords, type HashCost } from './passwords.js';

const CHEAP: HashCost = { timeCost: 2, memoryCost: 1_024, parallelism: 1 };
const config = new Config(
  new Map<EnvSpec, unknown>([[authEnv, { AUTH_PASSWORD_SLOTS: 2, AUTH_PASSWORD_QUEUE: 8 }]]),
);
const passwords = new Passwords(config, CHEAP);

test('AUT-1: the cost', async () => {
  expect(HASH_COST).toEqual({ timeCost: 4, memoryCost: 64 * 1024, parallelism: 2 });
  const hash = await new Passwords(config).hash('correcto caballo');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=4,p=2\$/);
});

test('right, wrong, and nobody’s', async () => {
  const hash = await passwords.hash('correcto caballo');
  expect(await passwords.matches('correcto caballo', hash)).toBe(true);
  expect(await passwords.matches('correcto cabello', hash)).toBe(false);
  expect(await passwords.matches('correcto caballo', undefined)).toBe(false);
  expect(await passwords.matches('correcto caballo', 'none')).toBe(false);
});

test('an account that is not there is hashed against like one that is', async () => {
  const seen: string[] = [];
  const verify = jest.spyOn(argon2, 'verify').mockImplementation((hash) => {
    seen.push(hash);
    return Promise.resolve(true);
  });
  try {
    // Even were it to match: nobody is let in.
    expect(await new Passwords(config).matches('correcto caballo', undefined)).toBe(false);
  } finally {
    verify.mockRestore();
  }
  expect(seen).toEqual([
    expect.stringMatching(/^\$argon2id\$v=19\$m=65536,t=4,p=2\$.{22}\$.{43}$/),
  ]);
});

test('hashes of another cost are outdated', async () => {
  const hash = await passwords.hash('correcto caballo');
  expect(passwords.isOutdated(hash)).toBe(false);
  expect(new Passwords(config).isOutdated(hash)).toBe(true);
});

test('the same characters, composed or not', async () => {
  const hash = await passwords.hash('contrase\u00f1a larga');
  expect(await passwords.matches('contrasen\u0303a larga', hash)).toBe(true);
});

test.each([11, 129])('%i characters are not hashed', async (length) => {
  const password = 'x'.repeat(length);
  await expect(passwords.hash(password)).rejects.toThrow(RangeError);
  await expect(passwords.matches(password, undefined)).rejects.toThrow(RangeError);
  expect(passwords.slots.running).toBe(0);
});

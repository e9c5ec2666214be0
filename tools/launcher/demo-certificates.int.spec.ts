import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { readP12 } from '@getupnet/xmldsig';
import { authorityAt, authorityOf, keptP12 } from './demo-certificates.js';

const HOLDER = '00199999996';
let dir: string;
let simulator: Simulator;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'demo-certificates-'));
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.close();
  rmSync(dir, { recursive: true });
});

test('the simulator started here issues, and knows its own again', async () => {
  const authority = authorityOf(simulator);
  const issued = await authority.issue(HOLDER, 'Ana');
  expect(readP12(issued.p12, issued.password).facts.holder?.id).toBe(HOLDER);
  expect(authority.takes(issued)).toBe(true);
  expect(authority.takes({ ...issued, password: 'another' })).toBe(false);
});

test('a simulator somewhere else is asked', async () => {
  const authority = await authorityAt(simulator.url);
  const issued = await authority.issue(HOLDER, 'Ana');
  expect(authorityOf(simulator).takes(issued)).toBe(true);
  expect(authority.takes(issued)).toBe(true);
});

test('for any other DGII the demonstration makes its own, which no simulator takes', async () => {
  const authority = await authorityAt('http://127.0.0.1:1');
  const issued = await authority.issue(HOLDER, 'Ana');
  expect(authority.takes(issued)).toBe(true);
  expect(authorityOf(simulator).takes(issued)).toBe(false);
});

test('a certificate of an earlier start is found, unless somebody deleted it', async () => {
  const path = join(dir, 'kept.p12');
  expect(await keptP12(path, 'clave')).toBeNull();
  writeFileSync(path, 'P12');
  expect(await keptP12(path, 'clave')).toEqual({ p12: Buffer.from('P12'), password: 'clave' });
});

import { issueAuthority, type TestAuthority } from '@getupnet/xmldsig';
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newRsaKey } from './rsa-key.js';

/** The root, for everybody; and key with root, for its owner only. */
export const ROOT_FILE = 'authority.pem';
const SECRET_FILE = 'authority.key';

const DAY_MS = 24 * 60 * 60 * 1000;
const PAST_DAYS = 366;
const FUTURE_DAYS = 20 * 365;

/** The authority of a data directory, made when it has none yet. */
export async function openAuthority(dataDir: string, now: Date): Promise<TestAuthority> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, SECRET_FILE);
  const authority = (await readAuthority(path)) ?? (await keepAuthority(path, now));
  await writeFile(join(dataDir, ROOT_FILE), authority.certificatePem);
  return authority;
}

async function readAuthority(path: string): Promise<TestAuthority | null> {
  try {
    return parse(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\r?\n?/g;

function parse(text: string, path: string): TestAuthority {
  const blocks = new Map([...text.matchAll(BLOCK)].map(([block, kind]) => [kind, block]));
  const privateKeyPem = blocks.get('RSA PRIVATE KEY');
  const certificatePem = blocks.get('CERTIFICATE');
  if (privateKeyPem === undefined || certificatePem === undefined) {
    throw new Error(`${path} no guarda una autoridad; bórrelo y se hará otra.`);
  }
  return { privateKeyPem, certificatePem };
}

/** Whole or not at all; of two processes at once, the second takes what the first one made. */
async function keepAuthority(path: string, now: Date): Promise<TestAuthority> {
  const made = await makeAuthority(now);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, made.privateKeyPem + made.certificatePem, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, path);
    return made;
  } catch (error) {
    const first = isErrno(error, 'EEXIST') ? await readAuthority(path) : null;
    if (first === null) throw error;
    return first;
  } finally {
    await unlink(draft);
  }
}

/**
 * Its name is its own: a certificate of another directory's authority is then told to be of an
 * unknown issuer, and not to carry a wrong signature.
 */
async function makeAuthority(now: Date): Promise<TestAuthority> {
  const mark = randomBytes(3).toString('hex').toUpperCase();
  return issueAuthority(`SIMULADOR DGII, AUTORIDAD DE PRUEBA ${mark}`, {
    notBefore: new Date(now.getTime() - PAST_DAYS * DAY_MS),
    notAfter: new Date(now.getTime() + FUTURE_DAYS * DAY_MS),
    privateKeyPem: await newRsaKey(),
  });
}

function isErrno(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}

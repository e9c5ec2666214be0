import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Simulator } from '@getupnet/dgii-simulator';
import { AppError } from '@getupnet/kernel';
import {
  checkChain,
  issueAuthority,
  issueCertificate,
  readCertificates,
  readP12,
} from '@getupnet/xmldsig';
import { request } from 'undici';
import { z } from 'zod';

/** A P12 with its password, as a provider hands it over. */
export interface DemoP12 {
  readonly p12: Buffer;
  readonly password: string;
}

/** Who makes the demonstration's certificates. */
export interface DemoAuthority {
  issue(holder: string, name: string): Promise<DemoP12>;
  /** Whether a certificate kept from an earlier start is still good for this DGII. */
  takes(kept: DemoP12): boolean;
}

/** The simulator's own: it believes nobody else's, as DGII does. */
export function authorityOf(simulator: Simulator): DemoAuthority {
  return {
    issue: (holder, name) => simulator.issueCertificate({ holder, name }),
    takes: ({ p12, password }) => leadsTo(simulator.rootPem, p12, password),
  };
}

/** Another DGII than the one started here: a simulator is asked, any other cannot be. */
export async function authorityAt(url: string): Promise<DemoAuthority> {
  const root = await request(new URL('/authority.pem', url)).catch(() => null);
  const rootPem = root?.statusCode === 200 ? await root.body.text() : await root?.body.dump();
  if (!rootPem?.includes('-----BEGIN CERTIFICATE-----')) return ownAuthority();
  return {
    issue: (holder, name) => askFor(url, { holder, name }),
    takes: ({ p12, password }) => leadsTo(rootPem, p12, password),
  };
}

const answerSchema = z.object({
  p12: z.base64().transform((text) => Buffer.from(text, 'base64')),
  password: z.string(),
});

async function askFor(
  url: string,
  person: { readonly holder: string; readonly name: string },
): Promise<DemoP12> {
  const answer = await request(new URL('/_control/certificates', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(person),
  });
  return answerSchema.parse(await answer.body.json());
}

/** What a DGII that is no simulator takes is not ours to say. */
function ownAuthority(): DemoAuthority {
  const authority = issueAuthority();
  return {
    issue: async (holder, name) => {
      const password = randomBytes(12).toString('base64url');
      const { p12 } = issueCertificate({ authority, holderId: holder, name, password });
      return { p12, password };
    },
    takes: () => true,
  };
}

function leadsTo(rootPem: string, p12: Buffer, password: string): boolean {
  try {
    const { facts } = readP12(p12, password);
    return checkChain(facts, [], readCertificates(rootPem), new Date()).ok;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** A P12 of an earlier start; null when somebody deleted it. */
export async function keptP12(path: string, password: string): Promise<DemoP12 | null> {
  return existsSync(path) ? { p12: await readFile(path), password } : null;
}

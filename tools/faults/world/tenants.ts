import { SystemClock, newId } from '@getupnet/kernel';
import { TENANT_PERMISSIONS, type Environment } from '@getupnet/contracts';
import { registerTenant } from '@getupnet/persistence';
import { newApiKey } from '@getupnet/rbac';
import { TEST_PROFILE, testRnc } from '@getupnet/testkit';
import { issueAuthority, issueCertificate } from '@getupnet/xmldsig';
import pg from 'pg';
import { importCertificate } from '../../certificate-import/hand-over.js';
import type { Seeded } from '../seeded.js';

/** A taxpayer of the run. */
export interface FaultTenant {
  readonly id: string;
  readonly rnc: string;
  readonly environment: Environment;
  readonly apiKey: string;
}

const TIPOS = [31, 32, 34] as const;
/** Of this type nothing is issued: its numbers are voided, a few at a time. */
export const VOIDED_TIPO = 33;
const WITHOUT_EXPIRY: ReadonlySet<number> = new Set([32, 34]);
/** The first range ends early, so that every run goes over from one range to the next. */
const FIRST_RANGE = 15;
const LAST_NUMBER = 1_000_000;
const PASSWORD = 'clave-del-certificado-de-fallas';
/** One in so many issues where DGII cannot be asked. */
const CERTECF_EVERY = 10;

/** Last day of the year after next, which DGII and our ranges must agree on. */
export function rangeExpiry(): { readonly dgii: string; readonly ours: string } {
  const year = new SystemClock().now().getUTCFullYear() + 2;
  return { dgii: `31-12-${year}`, ours: `${year}-12-31` };
}

/** Taxpayers with ranges, keys and one certificate for all: making keys would take the longest. */
export async function makeTenants(setup: {
  readonly ownerUrl: string;
  readonly signUrl: string;
  readonly keyToSign: string;
  readonly count: number;
  readonly draw: Seeded;
}): Promise<{ readonly tenants: readonly FaultTenant[]; readonly secrets: readonly string[] }> {
  const holder = { holderId: '00199999996', name: 'Persona de Prueba', password: PASSWORD };
  const { p12 } = issueCertificate({ ...holder, authority: issueAuthority() });
  const signer = { internalUrl: setup.signUrl, serviceKeyToSign: setup.keyToSign };
  const client = new pg.Client({ connectionString: setup.ownerUrl });
  await client.connect();
  try {
    const tenants: FaultTenant[] = [];
    for (let at = 0; at < setup.count; at += 1) {
      const environment = (at + 1) % CERTECF_EVERY === 0 ? 'certecf' : 'testecf';
      const { key, hash, prefix } = newApiKey();
      const rnc = testRnc((below) => setup.draw.below(below));
      const { id } = await registerTenant(client, {
        id: newId(),
        rnc,
        name: `Empresa ${at + 1} SRL`,
        environment,
        profile: TEST_PROFILE,
        ranges: rangesOf(),
        apiKeys: [{ id: newId(), name: 'fallas', prefix, hash, permissions: TENANT_PERMISSIONS }],
      });
      await importCertificate(signer, id, p12, PASSWORD);
      tenants.push({ id, rnc, environment, apiKey: key });
    }
    return { tenants, secrets: [PASSWORD, ...tenants.map(({ apiKey }) => apiKey)] };
  } finally {
    await client.end();
  }
}

function rangesOf() {
  const { ours } = rangeExpiry();
  const unused = { tipo: VOIDED_TIPO, first: 1, last: LAST_NUMBER, expiresOn: ours };
  const used = TIPOS.flatMap((tipo) => {
    const expiresOn = WITHOUT_EXPIRY.has(tipo) ? null : ours;
    return [
      { tipo, first: 1, last: FIRST_RANGE, expiresOn },
      { tipo, first: FIRST_RANGE + 1, last: LAST_NUMBER, expiresOn },
    ];
  });
  return [...used, unused];
}

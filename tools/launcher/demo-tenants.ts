import { join } from 'node:path';
import { newId } from '@getupnet/kernel';
import { registerTenant } from '@getupnet/persistence';
import { newApiKey } from '@getupnet/rbac';
import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { request } from 'undici';
import { importCertificate } from '../certificate-import/hand-over.js';
import type { DataDir } from './data-dir.js';
import { keptP12, type DemoAuthority } from './demo-certificates.js';
import { inventPerson, type DemoPerson } from './demo-people.js';

export interface DemoTenant {
  readonly id: string;
  readonly rnc: string;
  readonly name: string;
  readonly apiKey: string;
  readonly admin: DemoPerson;
  readonly p12: { readonly path: string; readonly password: string };
}

/** Signs for both companies: certificates are of persons, not of companies. */
const HOLDER = '00199999996';

const PROFILES = [
  {
    rnc: '131880738',
    name: 'Comercial Cibao, SRL',
    profile: {
      NombreComercial: 'Comercial Cibao',
      DireccionEmisor: 'Av. 27 de Febrero 210, Santiago de los Caballeros',
      Municipio: '250101',
      Provincia: '250000',
      CorreoEmisor: 'facturacion@cibao.example.com',
    },
  },
  {
    rnc: '130862346',
    name: 'Servicios del Este, SRL',
    profile: {
      NombreComercial: 'Servicios del Este',
      DireccionEmisor: 'Calle Duarte 45, La Romana',
      Municipio: '120101',
      Provincia: '120000',
    },
  },
] as const;

type Profile = (typeof PROFILES)[number];

const PERMISSIONS = [
  'TENANT_INVOICE_READ',
  'TENANT_INVOICE_EMIT',
  'TENANT_SEQUENCE_MANAGE',
  'TENANT_SETTINGS_MANAGE',
] as const;
const TIPOS = ['31', '32', '33', '34', '41', '43', '44', '45', '46', '47'] as const;
/** DGII's grant for free testing (Descripción Técnica v1.6, p. 5). */
const LAST_NUMBER = 10_000_000;
const SIMULATED_EXPIRY = '2028-12-31';
const WITHOUT_EXPIRY: ReadonlySet<string> = new Set(['32', '34']);

/** What making them takes. */
export interface DemoSetup {
  readonly ownerUrl: string;
  readonly internalUrl: string;
  readonly gatewayUrl: string;
  readonly serviceKeyToSign: string;
  readonly dir: DataDir;
  readonly authority: DemoAuthority;
}

/** Two taxpayers with keys, ranges and certificates: the way a company would be set up. */
export async function makeDemoTenants(setup: DemoSetup): Promise<DemoTenant[]> {
  const tenants: DemoTenant[] = [];
  for (const profile of PROFILES) {
    const tenant = await insertTenant(setup.ownerUrl, profile);
    const p12 = await giveCertificate(setup, tenant);
    await addRanges(setup.gatewayUrl, tenant.apiKey);
    tenants.push({ ...tenant, p12 });
  }
  return tenants;
}

/** Tenants of an earlier start, with new certificates where DGII no longer takes the old ones. */
export async function renewCertificates(
  setup: DemoSetup,
  tenants: readonly DemoTenant[],
): Promise<DemoTenant[]> {
  const renewed: DemoTenant[] = [];
  for (const tenant of tenants) {
    const kept = await keptP12(tenant.p12.path, tenant.p12.password);
    const isGood = kept !== null && setup.authority.takes(kept);
    renewed.push(isGood ? tenant : { ...tenant, p12: await giveCertificate(setup, tenant) });
  }
  return renewed;
}

async function giveCertificate(
  setup: DemoSetup,
  { id, rnc }: Omit<DemoTenant, 'p12'>,
): Promise<DemoTenant['p12']> {
  const { p12, password } = await setup.authority.issue(HOLDER, 'Persona de Demostración');
  const path = join(setup.dir.secrets, `${rnc}.p12`);
  await writeFile(path, p12, { mode: 0o600 });
  await importCertificate(setup, id, p12, password);
  return { path, password };
}

async function insertTenant(
  ownerUrl: string,
  { rnc, name, profile }: Profile,
): Promise<Omit<DemoTenant, 'p12'>> {
  const { key, hash, prefix } = newApiKey();
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { id } = await registerTenant(client, {
      id: newId(),
      rnc,
      name,
      environment: 'testecf',
      profile,
      ranges: [],
      apiKeys: [{ id: newId(), name: 'demo', prefix, hash, permissions: PERMISSIONS }],
    });
    return { id, rnc, name, apiKey: key, admin: inventPerson('admin', rnc) };
  } finally {
    await client.end();
  }
}

async function addRanges(gatewayUrl: string, apiKey: string): Promise<void> {
  for (const tipo of TIPOS) {
    const answer = await request(`${gatewayUrl}/tenant/sequences`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'idempotency-key': `demo-${tipo}`,
      },
      body: JSON.stringify({
        tipo,
        first: 1,
        last: LAST_NUMBER,
        expiresOn: WITHOUT_EXPIRY.has(tipo) ? null : SIMULATED_EXPIRY,
      }),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 201) throw new Error(`range ${tipo}: ${answer.statusCode} ${text}`);
  }
}

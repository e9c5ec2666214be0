import { createHash, randomBytes, randomInt } from 'node:crypto';
import { type Environment, type Permission, TENANT_PERMISSIONS } from '@getupnet/contracts';
import { newId } from '@getupnet/kernel';
import { type NewTenant, registerTenant } from '@getupnet/persistence';
import type { TestDatabase } from './test-database.js';

export interface TestTenant {
  readonly id: string;
  /** The same id, under the name transactions ask for. */
  readonly tenantId: string;
  readonly rnc: string;
  readonly name: string;
  readonly environment: Environment;
  /** The whole key, as a caller would present it. */
  readonly apiKey: string;
  readonly apiKeyId: string;
  /** Type (`'31'`) → id of its range. */
  readonly ranges: Readonly<Record<string, string>>;
}

export interface TestTenantOverrides extends Partial<Omit<NewTenant, 'apiKeys'>> {
  /** Of its API key; all tenant permissions when absent. */
  readonly permissions?: readonly Permission[];
}

export const TIPOS = [31, 32, 33, 34, 41, 43, 44, 45, 46, 47] as const;
/** Types whose sequences do not expire (Formato e-CF: no FechaVencimientoSecuencia). */
const WITHOUT_EXPIRY: ReadonlySet<number> = new Set([32, 34]);
const LAST_NUMBER = 10_000_000;
const EXPIRES_ON = '2099-12-31';

/** A tenant with an API key and a range 1…10,000,000 for each type, in its environment. */
export async function createTestTenant(
  database: TestDatabase,
  overrides: TestTenantOverrides = {},
): Promise<TestTenant> {
  const { permissions = TENANT_PERMISSIONS, ...rest } = overrides;
  const apiKey = `gk_${randomBytes(32).toString('hex')}`;
  const tenant = {
    id: newId(),
    rnc: testRnc(),
    name: 'Empresa de Prueba SRL',
    environment: 'testecf' as const,
    profile: TEST_PROFILE,
    ranges: TIPOS.map((tipo) => ({
      tipo,
      first: 1,
      last: LAST_NUMBER,
      expiresOn: WITHOUT_EXPIRY.has(tipo) ? null : EXPIRES_ON,
    })),
    ...rest,
  };
  const hash = createHash('sha256').update(apiKey).digest('hex');
  const key = { id: newId(), name: 'prueba', prefix: apiKey.slice(0, 9), hash, permissions };
  const registered = await database.asOwner((owner) =>
    registerTenant(owner, { ...tenant, apiKeys: [key] }),
  );
  const entries = tenant.ranges.map(({ tipo }, at) => [
    String(tipo),
    registered.rangeIds[at] ?? '',
  ]);
  return {
    id: registered.id,
    tenantId: registered.id,
    rnc: tenant.rnc,
    name: tenant.name,
    environment: tenant.environment,
    apiKey,
    apiKeyId: key.id,
    ranges: Object.fromEntries(entries),
  };
}

/** Issuer block with the fields every type asks for. */
export const TEST_PROFILE = {
  RazonSocialEmisor: 'Empresa de Prueba SRL',
  NombreComercial: 'Prueba',
  DireccionEmisor: 'Calle El Conde 1, Santo Domingo',
  CorreoEmisor: 'facturas@prueba.example',
};

const RNC_WEIGHTS = [7, 9, 8, 6, 5, 4, 3, 2];

/**
 * A random RNC whose check digit is right (modulus 11, weights 7 9 8 6 5 4 3 2). `draw` answers a
 * whole number below its argument; a seeded one makes the same RNC again.
 */
export function testRnc(draw: (below: number) => number = (below) => randomInt(below)): string {
  const digits = [1, ...Array.from({ length: 7 }, () => draw(10))];
  const sum = digits.reduce((total, digit, at) => total + digit * (RNC_WEIGHTS[at] ?? 0), 0);
  const rest = sum % 11;
  return [...digits, rest === 0 ? 2 : rest === 1 ? 1 : 11 - rest].join('');
}

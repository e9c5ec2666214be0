import { randomBytes } from 'node:crypto';
import { startSimulator, type Simulator } from '@getupnet/dgii-simulator';
import { sign } from '@getupnet/feature-sign';
import { createServices, type RunningServices } from '@getupnet/platform';
import { newServiceKey } from '@getupnet/rbac';
import {
  createTestDatabase,
  createTestTenant,
  type TestDatabase,
  type TestTenant,
} from '@getupnet/testkit';
import { issueCertificate } from '@getupnet/xmldsig';
import { importCertificate } from '../../certificate-import/hand-over.js';
import { dgiiCheck, report } from '../testing/run-check.js';

/** As an operator would: with the variables of the installation, and nothing else. */
describe('a tenant of an installation', () => {
  let database: TestDatabase;
  let dgii: Simulator;
  let signService: RunningServices;
  let tenant: TestTenant;
  let env: Record<string, string>;
  const toSign = newServiceKey('client', 'sign');
  const fromDgiiClient = newServiceKey('dgii-client', 'sign');

  beforeAll(async () => {
    database = await createTestDatabase();
    dgii = await startSimulator({ trust: 'any' });
    env = {
      DATABASE_URL: database.ownerUrl,
      SECRETS_KEK: randomBytes(32).toString('base64'),
      DGII_BASE_URL: dgii.url,
      DGII_STATUS_API_KEY: 'clave-de-estado',
    };
    signService = await createServices([sign()], {
      env: {
        ...env,
        PORT: '0',
        INTERNAL_PORT: '0',
        LOG_LEVEL: 'silent',
        SERVICE_KEYS_IN: `${toSign.entry},${fromDgiiClient.entry}`,
      },
    });
    tenant = await createTestTenant(database);
    const { p12, password } = issueCertificate({
      holderId: '00113918205',
      name: 'ANA PÉREZ',
      password: 'clave de prueba',
    });
    const setup = { internalUrl: signService.internalUrl, serviceKeyToSign: toSign.out };
    await importCertificate(setup, tenant.id, p12, password);
  });
  afterAll(async () => {
    await signService.close();
    await dgii.close();
    await database.drop();
  });

  test('by RNC: the same steps, signed with the certificate that is kept', async () => {
    const { code, steps, step } = await report(['--tenant', tenant.rnc], { env });
    expect(steps.filter(({ state }) => state !== 'ok').map(({ id }) => id)).toEqual(['tls']);
    expect(code).toBe(0);
    expect(step('sign').details).toMatchObject({ holderId: '00113918205' });
    expect(step('delegation')).toMatchObject({ target: tenant.rnc, code: 'delegation.ok' });
  });

  test('by id, signed by the service that runs apart', async () => {
    const apart = {
      ...env,
      SIGN_URL: signService.internalUrl,
      SERVICE_KEY_OUT_SIGN: fromDgiiClient.out,
    };
    const { code, step } = await report(['--tenant', tenant.id], { env: apart });
    expect(code).toBe(0);
    expect(step('token')).toMatchObject({ state: 'ok', details: { holder: '00113918205' } });
  });

  test('without a certificate the rest is checked, and the problem named', async () => {
    const other = await createTestTenant(database);
    const { code, step } = await report(['--tenant', other.id], { env });
    expect(code).toBe(1);
    expect(step('certificate')).toMatchObject({
      state: 'failed',
      code: 'signer.refused',
      details: { problem: 'cert.missing' },
    });
    expect(step('clock')).toMatchObject({ state: 'ok' });
    expect(step('token')).toMatchObject({ state: 'skipped' });
  });

  test('production needs the word of the operator and both switches', async () => {
    const args = ['--tenant', tenant.id, '--environment', 'ecf'];
    const unasked = await dgiiCheck(args, { env });
    expect([unasked.code, unasked.notes]).toEqual([2, expect.stringContaining('--production')]);
    const off = await report([...args, '--production'], { env });
    expect(off.step('certificate')).toMatchObject({ code: 'tenant.production_off' });
    expect(off.step('certificate').found).toContain('DGII_PRODUCTION_ENABLED');
    await database.asOwner(async (owner) => {
      await owner.query("SELECT set_config('app.tenant_id', $1, false)", [tenant.id]);
      await owner.query('UPDATE tenant SET production_enabled = true WHERE id = $1', [tenant.id]);
    });
    const on = await report([...args, '--production'], {
      env: { ...env, DGII_PRODUCTION_ENABLED: 'true' },
    });
    expect(on.step('token')).toMatchObject({ state: 'ok' });
  });

  test.each([
    ['an unknown RNC', '101000005', {}, 'No hay ningún contribuyente'],
    ['an unknown id', '0198f0c0-0000-7000-8000-000000000000', {}, 'No hay ningún contribuyente'],
    ['no RNC', 'mi empresa', {}, 'no es un RNC ni el id'],
    ['variables that do not do', '101000005', { DGII_BASE_URL: 'x' }, 'DGII_BASE_URL'],
  ])('%s is misuse', async (_name, wanted, change, told) => {
    const { code, out, notes } = await dgiiCheck(['--tenant', wanted], {
      env: { ...env, ...change },
    });
    expect([code, out, notes]).toEqual([2, '', expect.stringContaining(told)]);
    expect(notes).not.toContain(new URL(database.ownerUrl).password);
  });
});

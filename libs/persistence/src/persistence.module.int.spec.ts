import { Clock, SystemClock } from '@getupnet/kernel';
import { BootError, Config, type EnvSource, loadConfig } from '@getupnet/platform';
import { createTestTenant, useTestDatabase } from '@getupnet/testkit';
import { Global, Logger, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { persistenceEnv } from './db/persistence-env.js';
import { Pools } from './db/pools.js';
import { TenantDb } from './db/tenant-db.js';
import { PersistenceModule } from './persistence.module.js';
import { roleUrls } from './roles/role-urls.js';

Logger.overrideLogger(false);

async function boot(source: EnvSource) {
  @Global()
  @Module({
    providers: [
      { provide: Config, useValue: loadConfig([persistenceEnv], source) },
      { provide: Clock, useClass: SystemClock },
    ],
    exports: [Config, Clock],
  })
  class PlatformParts {}
  const module = await Test.createTestingModule({
    imports: [PlatformParts, PersistenceModule],
  }).compile();
  await module.init();
  return module;
}

const problems = async (source: EnvSource): Promise<readonly string[]> => {
  const error: unknown = await boot(source).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof BootError ? error.problems : [String(error)];
};

describe('PersistenceModule', () => {
  const database = useTestDatabase();

  test('boots with the owner’s connection alone, works, and closes its pools', async () => {
    const tenant = await createTestTenant(database());
    const app = await boot({ DATABASE_URL: database().ownerUrl });
    const seen = await app.get(TenantDb).run(tenant, (tx) => tx.tenant.findMany());
    expect(seen.map(({ id }) => id)).toEqual([tenant.id]);
    const pools = app.get(Pools);
    await app.close();
    expect(() => pools.get('signer')).toThrow(/closed/);
  });

  test('a process that is given one role needs no other', async () => {
    const urls = roleUrls({ DATABASE_URL: database().ownerUrl });
    const app = await boot({ DATABASE_URL_SIGNER: urls.signer });
    expect(app.get(Pools).available).toEqual(['signer']);
    await app.close();
  });

  test('refuses to boot without a connection, with a wrong one, and with the owner’s as a role’s', async () => {
    expect(await problems({})).toEqual(['DATABASE_URL: is required']);
    const wrong = new URL(database().ownerUrl);
    wrong.password = 'not-the-owners-password';
    const [refused] = await problems({ DATABASE_URL: wrong.href });
    expect(refused).toMatch(/^database role app cannot connect: password authentication failed/);
    const asOwner = await problems({ DATABASE_URL_APP: database().ownerUrl });
    expect(asOwner[0]).toMatch(/getupnet_owner \(used as app\)/);
  });
});

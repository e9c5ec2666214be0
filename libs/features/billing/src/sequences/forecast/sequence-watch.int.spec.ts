import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import {
  alertsOf,
  contextOf,
  request,
  row,
  sequencesUnderTest,
} from '../../testing/sequences-under-test.js';

const database = useTestDatabase();
let under: ReturnType<typeof sequencesUnderTest>;
beforeAll(() => {
  under = sequencesUnderTest(database());
});
afterAll(() => under.writer.onApplicationShutdown());

const range = (first: number, last: number) => ({
  ...{ tipo: 31, first, last, expiresOn: '2099-12-31' },
});
const accept = (tenant: TestTenant, count: number) =>
  Promise.all(Array.from({ length: count }, () => under.writer.submit(row(tenant))));

describe('used up', () => {
  it('is told once for all ranges at once, and again for one registered below them', async () => {
    const tenant = await createTestTenant(database(), {
      ranges: [range(101, 105), range(201, 205)],
    });
    await accept(tenant, 10);
    const watch = under.watch();
    await watch.pass();
    await watch.pass();
    expect(await alertsOf(database(), tenant)).toEqual(['sequence.used_up']);
    await under.sequences.add(
      contextOf(tenant),
      { tipo: '31', first: 1, last: 5, expiresOn: '2099-12-31', branch: null },
      request(),
    );
    await accept(tenant, 5);
    await watch.pass();
    await watch.pass();
    expect(await alertsOf(database(), tenant)).toEqual(['sequence.used_up', 'sequence.used_up']);
  });
});

describe('standings', () => {
  const registered = (tenant: TestTenant, at: string) =>
    database().asOwner(async (owner) => {
      await owner.query('BEGIN');
      await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant.id]);
      await owner.query('UPDATE encf_range SET created_at = $1 WHERE tenant_id = $2', [
        at,
        tenant.id,
      ]);
      await owner.query('COMMIT');
    });
  const record = (tenant: TestTenant, day: string, keepSince = '2026-01-01') =>
    under.store.recordUsage([tenant.id], day, keepSince);
  const standings = async (tenant: TestTenant) =>
    (
      await database().tenantDb.run(tenant, (tx) =>
        tx.encfUsage.findMany({ orderBy: [{ day: 'asc' }, { next: 'asc' }] }),
      )
    ).map(({ day, next }) => `${day.toISOString().slice(0, 10)} ${next}`);

  it('are of the beginning of the day, whoever starts in its middle', async () => {
    const tenant = await createTestTenant(database(), { ranges: [range(1, 1_000)] });
    await registered(tenant, '2026-01-05T12:00:00Z');
    await accept(tenant, 5);
    await record(tenant, '2026-01-10');
    await record(tenant, '2026-01-11');
    await accept(tenant, 50);
    await record(tenant, '2026-01-11');
    expect(await standings(tenant)).toEqual(['2026-01-10 6', '2026-01-11 6']);
    await record(tenant, '2026-01-12');
    expect(await standings(tenant)).toContain('2026-01-12 56');
  });

  it('are forgotten after their days, but for the last one', async () => {
    const tenant = await createTestTenant(database(), { ranges: [range(1, 1_000)] });
    await registered(tenant, '2026-01-05T12:00:00Z');
    for (const day of ['2026-01-11', '2026-01-20', '2026-02-07']) {
      await accept(tenant, 5);
      await record(tenant, day, '2026-02-01');
    }
    expect(await standings(tenant)).toEqual(['2026-01-20 11', '2026-02-07 16']);
  });

  it('cost one row a tenant and day where nothing moves', async () => {
    const ranges = [range(1, 10), range(101, 110), range(201, 210)];
    const tenant = await createTestTenant(database(), { ranges });
    await registered(tenant, '2026-01-05T12:00:00Z');
    await accept(tenant, 3);
    await record(tenant, '2026-01-10');
    await record(tenant, '2026-01-11');
    expect(await standings(tenant)).toEqual(['2026-01-10 4', '2026-01-10 201', '2026-01-11 201']);
  });

  it('are not noted of ranges registered during the day', async () => {
    const tenant = await createTestTenant(database(), { ranges: [range(1, 1_000)] });
    // Half past eleven in the evening there.
    await registered(tenant, '2026-01-11T03:30:00Z');
    await accept(tenant, 5);
    await record(tenant, '2026-01-10');
    expect(await standings(tenant)).toEqual([]);
    await record(tenant, '2026-01-11');
    expect(await standings(tenant)).toEqual(['2026-01-11 6']);
  });
});

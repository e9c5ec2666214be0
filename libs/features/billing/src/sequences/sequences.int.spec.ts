import { createTestTenant, useTestDatabase, type TestTenant } from '@getupnet/testkit';
import {
  TODAY,
  alertsOf,
  become,
  contextOf,
  request,
  row,
  sequencesUnderTest,
  shown,
} from '../testing/sequences-under-test.js';

const database = useTestDatabase();
let under: ReturnType<typeof sequencesUnderTest>;
beforeAll(() => {
  under = sequencesUnderTest(database());
});
afterAll(() => under.writer.onApplicationShutdown());

const range = (first: number, last: number, more: object = {}) => ({
  ...{ tipo: 31, first, last, expiresOn: '2099-12-31' },
  ...more,
});
const tenantWith = (...ranges: ReturnType<typeof range>[]) =>
  createTestTenant(database(), { ranges });
const accept = async (tenant: TestTenant, count: number, more: object = {}) =>
  (
    await Promise.all(Array.from({ length: count }, () => under.writer.submit(row(tenant, more))))
  ).map(shown);
const encf = (number: number): string => `E31${String(number).padStart(10, '0')}`;
const rangesOf = async (tenant: TestTenant) =>
  (await under.sequences.list(contextOf(tenant), { limit: 50 })).data
    .map(({ first, last, next, branch }) => `${first}-${last} next ${next} ${branch}`)
    .sort();

describe('branches', () => {
  it('register, change and divide ranges; the audit tells before and after', async () => {
    const tenant = await tenantWith(range(1, 100));
    const context = contextOf(tenant);
    await accept(tenant, 3);
    const id = tenant.ranges['31'] ?? '';
    const asked = request();
    const command = { branch: 'SUR', count: 40, request: asked };
    const split = await under.sequences.split(context, id, command);
    expect(split).toMatchObject({
      replayed: false,
      from: { last: '60', remaining: '57', branch: null },
      to: { first: '61', last: '100', branch: 'SUR', splitFrom: id, expiresOn: '2099-12-31' },
    });
    expect(await under.sequences.split(context, id, command)).toEqual({ ...split, replayed: true });
    const other = { ...command, request: { ...asked, sha256: 'cd'.repeat(32) } };
    await expect(under.sequences.split(context, id, other)).rejects.toMatchObject({
      code: 'idempotency.key_reused',
    });
    expect(await accept(tenant, 1, { branch: 'SUR' })).toEqual([encf(61)]);
    await under.sequences.change(context, split.to.id, { branch: 'ESTE' });
    expect(await accept(tenant, 1, { branch: 'SUR' })).toEqual([encf(4)]);
    expect(await rangesOf(tenant)).toEqual(['1-60 next 5 null', '61-100 next 62 ESTE']);
    const events = await database().tenantDb.run(tenant, (tx) =>
      tx.auditEvent.findMany({ where: { type: { startsWith: 'sequence.' } } }),
    );
    expect(events.map(({ type }) => type).sort()).toEqual(['sequence.changed', 'sequence.split']);
  });

  it('registers a range once for one key, however often and at once it is asked', async () => {
    const tenant = await tenantWith();
    const command = {
      tipo: '31' as const,
      first: 1,
      last: 10,
      expiresOn: '2099-12-31',
      branch: null,
    };
    const asked = request();
    const add = (more: object = {}, of = asked) =>
      under.sequences.add(contextOf(tenant), { ...command, ...more }, of);
    const all = await Promise.all(Array.from({ length: 6 }, () => add()));
    expect(new Set(all.map(({ range: { id } }) => id)).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await add()).toEqual({ range: all[0]?.range, replayed: true });
    const reused = { code: 'idempotency.key_reused' };
    await expect(add({}, { ...asked, sha256: 'cd'.repeat(32) })).rejects.toMatchObject(reused);
    await expect(add({}, request())).rejects.toMatchObject({ code: 'sequence.overlap' });
    const split = { branch: 'SUR', count: 5, request: asked };
    const id = all[0]?.range.id ?? '';
    await expect(under.sequences.split(contextOf(tenant), id, split)).rejects.toMatchObject(reused);
    expect(await rangesOf(tenant)).toEqual(['1-10 next 1 null']);
  });

  it('divides no more than is left, and not the whole', async () => {
    const tenant = await tenantWith(range(1, 10));
    await accept(tenant, 3);
    const divide = (count: number, id = tenant.ranges['31'] ?? '') =>
      under.sequences.split(contextOf(tenant), id, { branch: 'SUR', count, request: request() });
    await expect(divide(8)).rejects.toMatchObject({ code: 'sequence.not_divisible' });
    await divide(7);
    expect(await accept(tenant, 1)).toEqual(['no_number']);
    const fresh = await tenantWith(range(1, 10));
    await expect(divide(10, fresh.ranges['31'])).rejects.toMatchObject({
      code: 'resource.not_found',
    });
    const whole = { branch: 'SUR', count: 10, request: request() };
    await expect(
      under.sequences.split(contextOf(fresh), fresh.ranges['31'] ?? '', whole),
    ).rejects.toMatchObject({ code: 'sequence.not_divisible' });
  });

  it('lose and repeat no number while divided and issued from at once', async () => {
    const tenant = await tenantWith(range(1, 400));
    const id = tenant.ranges['31'] ?? '';
    const issued = Promise.all(
      Array.from({ length: 300 }, (_, at) =>
        under.writer.submit(row(tenant, { branch: at % 2 === 0 ? 'SUR' : null })),
      ),
    );
    for (let at = 0; at < 10; at += 1) {
      await under.sequences.split(contextOf(tenant), id, {
        ...{ branch: 'SUR', count: 10, request: request() },
      });
    }
    const rest = await accept(tenant, 100, { branch: 'SUR' });
    const encfs = [...(await issued).map(shown), ...rest].sort();
    expect(encfs).toEqual(Array.from({ length: 400 }, (_, at) => encf(at + 1)));
  });
});

describe('gaps', () => {
  it('tells freed, unclear, voided and never issued numbers apart, and what to do', async () => {
    const tenant = await tenantWith(range(1, 100));
    await accept(tenant, 8);
    await accept(tenant, 1, { statedEncf: encf(15) });
    const rejected = { state: 'REJECTED', secuenciaUtilizada: false };
    await become(database(), tenant, [encf(2), encf(3)], rejected);
    await become(database(), tenant, [encf(4)], { state: 'VOIDED' });
    await become(database(), tenant, [encf(5)], { state: 'REJECTED' });
    await become(database(), tenant, [encf(6)], { state: 'REJECTED', secuenciaUtilizada: true });
    const [first] = await database().tenantDb.run(tenant, (tx) =>
      tx.document.findMany({ where: { encf: encf(3) } }),
    );
    await accept(tenant, 1, {
      ...{ statedEncf: encf(3), generation: 2, corrects: first?.id },
    });
    const found = await pages(tenant, 2);
    expect(found.map((gap) => `${gap.first} ${gap.last} ${gap.kind}`)).toEqual([
      `${encf(2)} ${encf(2)} FREED`,
      `${encf(4)} ${encf(4)} VOIDED_DOCUMENT`,
      `${encf(5)} ${encf(5)} UNCLEAR`,
      `${encf(9)} ${encf(14)} NEVER_ISSUED`,
    ]);
    expect(found[0]).toMatchObject({ count: '1', documentId: expect.any(String) });
    expect(found[3]).toMatchObject({ count: '6', documentId: null });
    const of32 = await under.gaps.list(contextOf(tenant), { limit: 50, tipo: '32' });
    expect(of32.data).toEqual([]);
  });

  it('has nothing to say of a sequence without gaps, nor of numbers a void took', async () => {
    const tenant = await tenantWith(range(1, 100));
    await accept(tenant, 6);
    expect(await pages(tenant, 50)).toEqual([]);
    await become(database(), tenant, [encf(2)], { state: 'VOIDED' });
    await accept(tenant, 1, { statedEncf: encf(9) });
    const ranges = [
      { tipo: '31', first: 2, last: 2 } as const,
      { tipo: '31', first: 7, last: 7 } as const,
    ];
    await under.voids.create(contextOf(tenant), { ranges, request: request() });
    expect((await pages(tenant, 50)).map(({ first }) => first)).toEqual([encf(8)]);
  });

  it('walks a long sequence in parts, and misses nothing between them', async () => {
    const tenant = await tenantWith(range(1, 50_000));
    const missing = [100, 20_000, 20_001, 20_003, 25_000];
    await database().asOwner(async (owner) => {
      await owner.query('BEGIN');
      await owner.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant.id]);
      await owner.query(
        `INSERT INTO document (tenant_id, id, environment, tipo, encf, range_id, state, route,
           idempotency_key, body_sha256, issuer_rnc, monto_total, fecha_emision, fecha_hora_firma,
           artefact_month)
         SELECT $1, gen_random_uuid(), 'testecf', 31, 'E31' || lpad(n::text, 10, '0'), $2,
           'ACCEPTED', 'ecf', n::text, repeat('ab', 32), $3, 1, '2026-03-10', '-', '2026-03-01'
         FROM generate_series(1, 25_000) n WHERE n <> ALL ($4::int[])`,
        [tenant.id, tenant.ranges['31'], tenant.rnc, missing],
      );
      await owner.query('UPDATE encf_range SET next = 25_001 WHERE id = $1', [tenant.ranges['31']]);
      await owner.query('COMMIT');
    });
    expect((await pages(tenant, 3)).map(({ first, last }) => [first, last])).toEqual([
      [encf(100), encf(100)],
      [encf(20_000), encf(20_001)],
      [encf(20_003), encf(20_003)],
      [encf(25_000), encf(25_000)],
    ]);
  });

  it('refuses a cursor of somebody else’s', async () => {
    const tenant = await tenantWith(range(1, 100));
    await expect(
      under.gaps.list(contextOf(tenant), { limit: 1, cursor: 'ZjpFMzE' }),
    ).rejects.toMatchObject({ code: 'cursor.invalid' });
  });

  async function pages(tenant: TestTenant, limit: number) {
    const found = [];
    let cursor: string | null = null;
    do {
      const page = await under.gaps.list(contextOf(tenant), {
        limit,
        ...(cursor === null ? {} : { cursor }),
      });
      expect(page.data.length).toBeLessThanOrEqual(limit);
      found.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  }
});

describe('forecast', () => {
  it('looks at where ranges stood, and tells of the last tenth and of the end once', async () => {
    const tenant = await tenantWith(range(1, 50), range(101, 110, { branch: 'SUR' }));
    const told = () => alertsOf(database(), tenant);
    await accept(tenant, 44);
    await under.watch().pass();
    expect(await told()).toEqual([]);
    await accept(tenant, 1);
    // Two replicas, and both again.
    const [one, other] = [under.watch(), under.watch()];
    await Promise.all([one.pass(), other.pass()]);
    await Promise.all([one.pass(), other.pass()]);
    expect(await told()).toEqual(['sequence.low']);
    await accept(tenant, 5);
    await one.pass();
    await other.pass();
    const both = ['sequence.low', 'sequence.used_up'];
    expect(await told()).toEqual(both);
    const events = await database().tenantDb.run(tenant, (tx) =>
      tx.auditEvent.findMany({ where: { type: { in: both } } }),
    );
    expect(events).toHaveLength(2);
    const { data } = await under.forecast.forecast(contextOf(tenant));
    expect(data).toMatchObject([
      { tipo: '31', branch: null, status: 'USED_UP', remaining: '0', perDay7: expect.any(Number) },
      { tipo: '31', branch: 'SUR', status: 'OK', remaining: '10', perDay7: 0, daysLeft: null },
    ]);
  });
});

test('the fake day is the one documents are dated', () => {
  expect(under.clock.now().toISOString().slice(0, 10)).toBe(TODAY);
});

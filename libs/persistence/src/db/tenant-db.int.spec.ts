import { isAppError, newId } from '@getupnet/kernel';
import { createTestTenant, type TestTenant, useTestDatabase, waitFor } from '@getupnet/testkit';
import { Outbox } from '../outbox/outbox.js';
import { isUniqueViolation } from './database-errors.js';
import { Pools } from './pools.js';
import { type Tx, TenantDb } from './tenant-db.js';

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('TenantDb', () => {
  const database = useTestDatabase();
  let a: TestTenant;
  let b: TestTenant;

  beforeAll(async () => {
    a = await createTestTenant(database());
    b = await createTestTenant(database());
  });

  const token = (tenantId: string, thumbprint: string) => ({
    ...{ tenantId, thumbprint, environment: 'testecf', sealed: 's' },
    ...{ issuedAt: new Date(0), expiresAt: new Date(0) },
  });
  const tokensOf = (tenant: TestTenant) =>
    database().tenantDb.run(tenant, (tx) => tx.dgiiToken.count());

  test('shows a tenant only its own rows, and commits them', async () => {
    await database().tenantDb.run(a, (tx) => tx.dgiiToken.create({ data: token(a.id, 'own') }));
    expect(await tokensOf(a)).toBe(1);
    expect(await tokensOf(b)).toBe(0);
    const foreign = await failure(
      database().tenantDb.run(b, (tx) => tx.dgiiToken.create({ data: token(a.id, 'foreign') })),
    );
    expect(foreign).toBeInstanceOf(Error);
    expect(await tokensOf(a)).toBe(1);
  });

  test('undoes everything when the work throws, and passes its error on', async () => {
    const error = new Error('no');
    const thrown = await failure(
      database().tenantDb.run(a, async (tx) => {
        await tx.dgiiToken.create({ data: token(a.id, 'undone') });
        throw error;
      }),
    );
    expect(thrown).toBe(error);
    expect(await tokensOf(a)).toBe(1);
  });

  test('leaves no tenant behind on the connection', async () => {
    const pool = database().pools.get('app');
    await database().tenantDb.run(a, (tx) => tx.tenant.count());
    const settings = await Promise.all(
      Array.from({ length: 4 }, () => pool.query(`SELECT current_setting('app.tenant_id', true)`)),
    );
    const left = settings.map((result) => Object.values(result.rows[0] as object)[0] ?? '');
    expect(new Set(left)).toEqual(new Set(['']));
  });

  test('a tenant id that is none is a bug, not a query', async () => {
    await expect(
      database().tenantDb.run({ tenantId: "x'" }, (tx) => tx.tenant.count()),
    ).rejects.toThrow(TypeError);
  });

  test('the loser of a deadlock is run again', async () => {
    const ranges = Object.values(a.ranges).slice(0, 2) as [string, string];
    const lock = (tx: Tx, id: string) =>
      tx.encfRange.updateMany({ where: { id }, data: { createdAt: new Date(0) } });
    let locked = 0;
    let runs = 0;
    const take = (first: string, second: string) =>
      database().tenantDb.run(a, async (tx) => {
        runs += 1;
        await lock(tx, first);
        locked += 1;
        await waitFor(() => locked >= 2);
        await lock(tx, second);
      });
    await Promise.all([take(ranges[0], ranges[1]), take(ranges[1], ranges[0])]);
    expect(runs).toBe(3);
  });

  test('a taken key is told apart', async () => {
    const twice = database().tenantDb.run(a, (tx) =>
      tx.dgiiToken.create({ data: token(a.id, 'own') }),
    );
    expect(isUniqueViolation(await failure(twice))).toBe(true);
  });

  test.each([
    ['57014', 'dependency.timeout'],
    ['53100', 'storage.full'],
    ['53300', 'dependency.unavailable'],
    ['57P03', 'dependency.unavailable'],
    ['40001', 'dependency.unavailable'],
  ])('SQLSTATE %s is answered as %s', async (state, code) => {
    let runs = 0;
    const error = await failure(
      database().tenantDb.run(a, (tx) => {
        runs += 1;
        return tx.$executeRawUnsafe(
          `DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`,
        );
      }),
    );
    expect([isAppError(error, code), runs]).toEqual([true, state === '40001' ? 4 : 1]);
  });

  test('a connection killed under a transaction is an unavailable database', async () => {
    const killed = failure(
      database().tenantDb.run(a, async (tx) => {
        await tx.$executeRaw`SELECT pg_terminate_backend(pg_backend_pid())`;
        await tx.tenant.count();
      }),
    );
    expect(isAppError(await killed, 'dependency.unavailable')).toBe(true);
    expect(await tokensOf(a)).toBe(1);
  });

  test('a statement that takes too long is a timeout, and a server that is away unavailable', async () => {
    const urls = { DATABASE_URL: database().ownerUrl };
    const hasty = new Pools({ urls, statementTimeoutMs: 100 });
    const slow = new TenantDb(hasty).run(a, (tx) => tx.$executeRaw`SELECT pg_sleep(20)`);
    expect(isAppError(await failure(slow), 'dependency.timeout')).toBe(true);
    await hasty.close();

    const nowhere = new URL(database().ownerUrl);
    nowhere.port = '1';
    const absent = new Pools({ urls: { DATABASE_URL: nowhere.href } });
    const away = new TenantDb(absent).run(a, (tx) => tx.tenant.count());
    expect(isAppError(await failure(away), 'dependency.unavailable')).toBe(true);
    const query = absent.query('identity', 'SELECT 1');
    expect(isAppError(await failure(query), 'dependency.unavailable')).toBe(true);
    await absent.close();
  });

  test('an exhausted pool is an unavailable database', async () => {
    const pools = new Pools({
      urls: { DATABASE_URL: database().ownerUrl },
      sizes: { app: 1 },
      // Also of the connection that is held.
      connectTimeoutMs: 2_000,
    });
    const held = await pools.get('app').connect();
    const error = await failure(new TenantDb(pools).run(a, (tx) => tx.tenant.count()));
    held.release();
    await pools.close();
    expect(isAppError(error, 'dependency.unavailable')).toBe(true);
  });

  test('the outbox takes messages of the transaction’s tenant', async () => {
    const outbox = new Outbox();
    const key = newId();
    const payload = { version: 1 };
    await database().tenantDb.run(a, async (tx) => {
      await outbox.add(tx, { topic: 't', key, payload }, { topic: 'u', key });
      await outbox.add(tx);
    });
    const { rows } = await database().pools.query('relay', `DELETE FROM outbox RETURNING *`);
    expect(rows).toMatchObject([
      { tenant_id: a.id, topic: 't', key, payload },
      { tenant_id: a.id, topic: 'u', key, payload: {} },
    ]);
  });

  test('the signer sees certificates, which role app does not', async () => {
    const certificates = await database().signerDb.run(a, (tx) => tx.certificate.count());
    expect(certificates).toBe(0);
    const denied = await failure(database().tenantDb.run(a, (tx) => tx.certificate.count()));
    expect(String(denied)).toMatch(/denied/i);
  });
});

describe('BatchDb', () => {
  const database = useTestDatabase();

  test('commits, undoes, and runs the loser of a deadlock again', async () => {
    const tenants = [await createTestTenant(database()), await createTestTenant(database())];
    const ids = tenants.map((tenant) => tenant.id);
    const bump = `UPDATE encf_range SET next = next + 1 WHERE tenant_id = $1 AND tipo = 31`;
    let locked = 0;
    const take = (first: string, second: string) =>
      database().batchDb.run(ids, async (client) => {
        await client.query(bump, [first]);
        locked += 1;
        await waitFor(() => locked >= 2);
        await client.query(bump, [second]);
      });
    const [one, two] = ids as [string, string];
    await Promise.all([take(one, two), take(two, one)]);
    const undone = database().batchDb.run(ids, async (client) => {
      await client.query(bump, [one]);
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    const next = await database().batchDb.run(ids, (client) =>
      client.query('SELECT next FROM encf_range WHERE tipo = 31'),
    );
    expect(next.rows).toEqual([{ next: '3' }, { next: '3' }]);
  });

  test('asks for tenants by their ids', async () => {
    const work = () => Promise.resolve();
    await expect(database().batchDb.run([], work)).rejects.toThrow(TypeError);
    await expect(database().batchDb.run(["x', true); --"], work)).rejects.toThrow(TypeError);
  });

  test('a connection killed under a batch is an unavailable database, and is not kept', async () => {
    const killed = database().batchDb.run([newId()], async (client) => {
      await client.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    expect(isAppError(await failure(killed), 'dependency.unavailable')).toBe(true);
    const after = await database().batchDb.run([newId()], (client) => client.query('SELECT 1'));
    expect(after.rowCount).toBe(1);
  });

  test('a connection reset under a batch costs the batch, not the process', async () => {
    const reset = database().batchDb.run([newId()], async (client) => {
      const fault = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      client.connection.stream.destroy(fault);
      await client.query('SELECT 1');
    });
    expect(isAppError(await failure(reset), 'dependency.unavailable')).toBe(true);
  });
});

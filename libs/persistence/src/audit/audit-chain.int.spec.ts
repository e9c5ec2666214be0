import { createHash } from 'node:crypto';
import { canonicalJson, newId, type Json } from '@getupnet/kernel';
import { type TestDatabase, useTestDatabase, waitFor } from '@getupnet/testkit';
import { PLATFORM_TENANT_ID } from '../audit-log.js';
import { archiveAuditMonths } from './archive-months.js';
import { AuditChain } from './audit-chain.js';
import { AuditLag } from './audit-lag.js';
import { AuditReader } from './audit-reader.js';

/** Raw events of a tenant, in one transaction each. */
async function write(database: TestDatabase, tenantId: string, ...types: string[]): Promise<void> {
  for (const type of types) {
    await database.batchDb.run([tenantId], (client) =>
      client.query(
        `INSERT INTO audit_event (tenant_id, month, id, type, actor, payload)
         VALUES ($1, date_trunc('month', now())::date, $2, $3, 'test', '{"n": 1.50, "a": "é"}')`,
        [tenantId, newId(), type],
      ),
    );
  }
}

interface Link {
  readonly seq: number;
  readonly type: string;
}

/** The chain as the database has it, each hash computed again; throws where it does not fit. */
async function checked(database: TestDatabase, tenantId: string): Promise<readonly Link[]> {
  const { rows } = await database.pools.query<Record<string, unknown>>(
    'audit_append',
    `SELECT l.seq, l.prev, l.hash, e.* FROM audit_link l
     JOIN audit_event e ON e.tenant_id = l.tenant_id AND e.month = l.event_month AND e.id = l.event_id
     WHERE l.tenant_id = $1 ORDER BY l.seq`,
    [tenantId],
  );
  let prev = createHash('sha512').update(`getupnet-audit-1:${tenantId}`).digest();
  return rows.map((row, at) => {
    expect(Number(row['seq'])).toBe(at + 1);
    expect(row['prev']).toEqual(prev);
    const text = canonicalJson({
      tenantId,
      seq: at + 1,
      id: row['id'] as string,
      type: row['type'] as string,
      subjectId: row['subject_id'] as string | null,
      actor: row['actor'] as string,
      payload: row['payload'] as Json,
      occurredAt: (row['occurred_at'] as Date).toISOString(),
    });
    const bytes = Buffer.from(text);
    const head = Buffer.alloc(69, 0);
    head[0] = 1;
    head.set(prev, 1);
    head.writeUInt32BE(bytes.length, 65);
    prev = createHash('sha512').update(head).update(bytes).digest();
    expect(row['hash']).toEqual(prev);
    return { seq: at + 1, type: row['type'] as string };
  });
}

async function appendAll(chain: AuditChain, most = 1_000): Promise<number> {
  let linked = 0;
  for (;;) {
    const round = await chain.append(most);
    linked += round.linked;
    if (!round.more) return linked;
  }
}

const OUTSIDE = `SELECT count(*)::int AS n FROM audit_event e WHERE NOT EXISTS (SELECT FROM audit_link l
  WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id AND l.event_month = e.month)`;

describe('the audit chain', () => {
  const database = useTestDatabase();
  /** Other suites' transactions on the same server are waited for, as another database's would be. */
  const settled = (chain: AuditChain, most?: number): Promise<unknown> =>
    waitFor(
      async () => {
        await appendAll(chain, most);
        const { rows } = await database().pools.query<{ n: number }>('audit_append', OUTSIDE);
        return rows[0]?.n === 0;
      },
      { what: 'every event in a chain', timeoutMs: 25_000 },
    );
  const types = async (tenantId: string) =>
    (await checked(database(), tenantId)).map(({ type }) => type);

  test('how far it is behind is known, also before it ever began', async () => {
    const lag = new AuditLag(database().pools);
    await write(database(), newId(), 'a', 'b', 'c');
    expect([await lag.backlog(2), await lag.backlog(100)]).toEqual([2, 3]);
    expect(await lag.ageS()).toBeGreaterThan(0);
    await settled(new AuditChain(database().pools));
    expect(await lag.ageS()).toBe(0);
    await write(database(), newId(), 'd');
    expect(await lag.ageS()).toBeGreaterThan(0);
    await settled(new AuditChain(database().pools));
    // The last transaction that was chained is counted along.
    expect([await lag.backlog(100), await lag.ageS()]).toEqual([1, 0]);
  });

  test('every tenant has a chain of its own, in the order of transactions', async () => {
    const [one, two] = [newId(), newId()];
    await write(database(), one, 'a', 'b');
    await write(database(), two, 'x');
    await write(database(), one, 'c');
    const chain = new AuditChain(database().pools);
    await settled(chain, 2);
    expect(await types(one)).toEqual(['a', 'b', 'c']);
    expect(await types(two)).toEqual(['x']);
    await write(database(), two, 'y');
    await settled(chain);
    expect(await chain.append()).toEqual({ leading: true, linked: 0, more: false });
    expect(await types(two)).toEqual(['x', 'y']);
  });

  test('an event whose transaction commits late is not lost', async () => {
    const [slow, quick] = [newId(), newId()];
    const chain = new AuditChain(database().pools);
    const client = await database().pools.get('batch').connect();
    await client.query(`BEGIN; SELECT set_config('app.tenant_ids', '${slow}', true)`);
    await client.query(
      `INSERT INTO audit_event (tenant_id, month, id, type, actor)
       VALUES ($1, '2026-01-01', $2, 'slow', 'test')`,
      [slow, newId()],
    );
    await write(database(), quick, 'quick');
    // What came after the open transaction waits for it.
    expect(await appendAll(chain)).toBe(0);
    await client.query('COMMIT');
    client.release();
    await settled(chain);
    expect([await types(slow), await types(quick)]).toEqual([['slow'], ['quick']]);
  });

  test('many appenders at once make one chain', async () => {
    const tenants = [newId(), newId(), newId()];
    const appenders = [1, 2, 3, 4].map(() => new AuditChain(database().pools));
    let writing = true;
    const works = appenders.map(async (chain) => {
      while (writing) await chain.append(7);
    });
    await Promise.all(
      tenants.map((id) =>
        write(database(), id, ...Array.from({ length: 40 }, (_, at) => `t${at}`)),
      ),
    );
    writing = false;
    await Promise.all(works);
    await settled(new AuditChain(database().pools));
    for (const id of tenants) expect(await types(id)).toHaveLength(40);
  });

  test('a second link for an event, or after the same link, is refused by the keys', async () => {
    const tenant = newId();
    await write(database(), tenant, 'a', 'b');
    await settled(new AuditChain(database().pools));
    const insert = (seq: string, event: string, prev: string) =>
      database().pools.query(
        'audit_append',
        `INSERT INTO audit_link (tenant_id, seq, event_month, event_id, prev, hash)
         SELECT tenant_id, ${seq}, event_month, ${event}, ${prev}, sha512(prev) FROM audit_link
         WHERE tenant_id = $1 AND seq = 2`,
        [tenant],
      );
    const free = 'sha512(hash)';
    await expect(insert('2', 'gen_random_uuid()', free)).rejects.toThrow(/audit_link.*pkey/);
    await expect(insert('3', 'event_id', free)).rejects.toThrow(/event_id/);
    await expect(insert('3', 'gen_random_uuid()', 'prev')).rejects.toThrow(/prev/);
    await insert('3', 'gen_random_uuid()', free);
  });

  test('months of more than ten years ago leave the table, and their links stay', async () => {
    const tenant = newId();
    const { pools } = database();
    await database().asOwner((owner) =>
      owner.query(`CREATE TABLE audit_event_2010_01 PARTITION OF audit_event
        FOR VALUES FROM ('2010-01-01') TO ('2010-02-01')`),
    );
    const insert = (month: string) =>
      database().batchDb.run([tenant], (client) =>
        client.query(
          `INSERT INTO audit_event (tenant_id, month, id, type, actor)
           VALUES ($1, $2, $3, 'old', 'test')`,
          [tenant, month, newId()],
        ),
      );
    const archive = () =>
      archiveAuditMonths(database().ownerUrl, pools, new Date('2026-11-21T00:00:00Z'));
    await insert('2010-01-01');
    expect(await archive()).toEqual({ archived: [], unchained: 'audit_event_2010_01' });
    await settled(new AuditChain(pools));
    await write(database(), tenant, 'young');
    await settled(new AuditChain(pools));
    expect(await archive()).toEqual({ archived: ['audit_event_2010_01'], unchained: null });
    const reader = new AuditReader(pools);
    const links = await reader.walk(tenant, 0, 10);
    expect(links.map(({ event }) => event?.type)).toEqual([undefined, 'young']);
    expect((await reader.oldestMonth()) > '2010-01-01').toBe(true);
  });

  test('after a restored dump every event is looked at again, and it is told', async () => {
    const tenant = newId();
    const chain = new AuditChain(database().pools);
    await write(database(), tenant, 'a');
    await settled(chain);
    const pretend = `UPDATE audit_cursor SET system_id = 'another', horizon = '9000000000'`;
    await write(database(), tenant, 'b');
    await database().pools.query('audit_append', pretend);
    await settled(chain);
    expect(await types(tenant)).toEqual(['a', 'b']);
    await write(database(), tenant, 'c');
    await settled(chain);
    expect(await types(tenant)).toEqual(['a', 'b', 'c']);
    expect(await types(PLATFORM_TENANT_ID)).toEqual(['audit.recovery']);
  });
});

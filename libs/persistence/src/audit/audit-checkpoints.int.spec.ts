import { createHash } from 'node:crypto';
import { canonicalJson, newId } from '@getupnet/kernel';
import { useTestDatabase } from '@getupnet/testkit';
import { OF_TENANT } from './append.sql.js';
import { AuditCheckpoints } from './audit-checkpoints.js';

const database = useTestDatabase();
const at = new Date('2026-11-21T00:00:00Z');

test('what checkpoints state of one chain is taken out of them in the database, a page at a time', async () => {
  const checkpoints = new AuditCheckpoints(database().pools);
  const [tenant, other] = [newId(), newId()];
  const bodies = new Map<number, string>();
  for (let number = 1; number <= 9; number += 1) {
    // Every third states the tenant; another one has its id where no head is.
    const head = { seq: number, hash: 'ab'.repeat(64) };
    const heads = { [other]: head, ...(number % 3 === 0 ? { [tenant]: head } : {}) };
    const body = canonicalJson({ heads, number, ...(number === 5 ? { note: tenant } : {}) });
    bodies.set(number, body);
    await checkpoints.record({ number, at, full: false, body, signature: 's' });
  }
  const of = async (below: number, limit: number, window: number) => {
    const { heads, next } = await checkpoints.ofTenant(tenant, below, { limit, window });
    return [heads.map(({ number }) => number), next];
  };
  expect(await of(100, 2, 100)).toEqual([[9, 6], 6]);
  expect(await of(6, 2, 100)).toEqual([[3], null]);
  // A window that ends on nothing is a page with a continuation.
  expect(await of(9, 2, 2)).toEqual([[], 7]);
  expect(await of(7, 2, 4)).toEqual([[6, 3], 3]);
  const plan = await database().pools.query<{ 'QUERY PLAN': string }>(
    'audit_append',
    `EXPLAIN ${OF_TENANT}`,
    [100, 1, tenant, 2],
  );
  expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Sort');
  const { heads } = await checkpoints.ofTenant(tenant, 100, { limit: 1, window: 9 });
  expect(heads).toEqual([
    {
      ...{ number: 9, at, seq: 9, hash: 'ab'.repeat(64) },
      bodySha512: createHash('sha512')
        .update(bodies.get(9) ?? '')
        .digest('hex'),
    },
  ]);
});

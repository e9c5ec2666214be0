import { useTestDatabase } from '@getupnet/testkit';
import { DEADLINE_LEVEL, NOT_RECEIVED } from './deadlines.js';

const database = useTestDatabase();

const FINAL = `('SUBMITTED', 'ACCEPTED', 'CONDITIONALLY_ACCEPTED', 'REJECTED', 'VOIDED')`;

describe('looks over all tenants', () => {
  it.each([
    [
      'deadlines',
      `SELECT DISTINCT tenant_id, environment FROM document
       WHERE ${NOT_RECEIVED} AND deadline_level < ${DEADLINE_LEVEL} LIMIT 10`,
      'document_send_by_idx',
    ],
    [
      'what waits',
      `SELECT environment, count(*) FROM document
       WHERE send_by IS NOT NULL AND state NOT IN ${FINAL} GROUP BY environment`,
      'document_send_by_idx',
    ],
    [
      'the head of a line',
      `SELECT id FROM document WHERE tenant_id = '018f0000-0000-7000-8000-000000000001'
         AND environment = 'testecf' AND route = 'ecf' AND state = 'CONTINGENCY'
         AND parked_at IS NULL ORDER BY created_at, encf LIMIT 64`,
      'document_line_idx',
    ],
    [
      'lines whose time has come',
      `SELECT DISTINCT environment FROM contingency WHERE next_try_at <= now()`,
      'contingency_next_try_at_idx',
    ],
  ])('%s: by their index, however many documents there are', async (_, query, index) => {
    const { rows } = await database().pools.query<{ 'QUERY PLAN': string }>(
      'relay',
      `EXPLAIN ${query}`,
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });
});
